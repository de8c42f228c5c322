(component
  (import "store" (external-id "orders") (instance (export "get" (func))))
  (core module $code (func (export "go")))
  (core instance $code (instantiate $code))
  (func $go (canon lift (core func $code "go")))
  (instance $lib (export "go" (func $go)))
  (export "demo:lib/lib" (instance $lib)))
