(component
  (import "done" (func $done (result u32)))
  (core func $done (canon lower (func $done)))
  (core module $code
    (import "" "done" (func $done (result i32)))
    (func (export "run") (result i32) (call $done)))
  (core instance $instance (instantiate $code (with "" (instance (export "done" (func $done))))))
  (func (export "run") (result u32) (canon lift (core func $instance "run"))))
