(component
  (core module $code (func (export "go")))
  (core instance $code (instantiate $code))
  (func $go (canon lift (core func $code "go")))
  (instance $lib (export "go" (func $go)))
  (export "demo:log/file" (instance $lib)))
