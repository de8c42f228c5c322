(component
  (component $step
    (import "of" (func $of (result u32)))
    (core func $of (canon lower (func $of)))
    (core module $m
      (import "" "of" (func $of (result i32)))
      (func (export "value") (result i32) (i32.add (call $of) (i32.const 10))))
    (core instance $m (instantiate $m (with "" (instance (export "of" (func $of))))))
    (func (export "value") (result u32) (canon lift (core func $m "value"))))
  (export "step" (component $step)))
