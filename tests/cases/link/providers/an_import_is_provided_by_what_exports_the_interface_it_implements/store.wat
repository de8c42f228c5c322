(component
  (core module $code (func (export "go")))
  (core instance $code (instantiate $code))
  (func $go (canon lift (core func $code "go")))
  (instance $lib (export "go" (func $go)))
  (export "demo:kv/store@1.2.0" (instance $lib)))
