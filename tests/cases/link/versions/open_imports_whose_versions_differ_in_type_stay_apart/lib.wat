(component
  (import "demo:io/clock@1.1.0" (instance $clock (export "now" (func (result u32)))))
  (core module $code (func (export "go")))
  (core instance $code (instantiate $code))
  (func $go (canon lift (core func $code "go")))
  (instance $lib (export "go" (func $go)))
  (export "demo:io/lib" (instance $lib)))
