(component
  (import "demo:io/log" (instance (export "log-IT" (func))))
  (core module $code (func (export "go")))
  (core instance $code (instantiate $code))
  (func $go (canon lift (core func $code "go")))
  (instance $lib (export "go" (func $go)))
  (export "demo:lib/lib" (instance $lib)))
