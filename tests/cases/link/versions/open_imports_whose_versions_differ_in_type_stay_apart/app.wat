(component
  (import "demo:io/clock@1.2.0" (instance $clock (export "now" (func (result u64)))))
  (import "demo:io/lib" (instance $lib (export "go" (func))))
  (alias export $lib "go" (func $go))
  (export "go" (func $go)))
