(component
  (import "demo:log/sink" (instance $sink
    (export "first" (func (result u32)))
    (export "second" (func (result u32)))))
  (core func $first (canon lower (func $sink "first")))
  (core func $second (canon lower (func $sink "second")))
  (core module $code
    (import "sink" "first" (func $first (result i32)))
    (import "sink" "second" (func $second (result i32)))
    (func (export "run") (result i32)
      (i32.add (i32.mul (i32.const 100) (call $first)) (call $second))))
  (core instance $instance (instantiate $code
    (with "sink" (instance (export "first" (func $first)) (export "second" (func $second))))))
  (func (export "run") (result u32) (canon lift (core func $instance "run"))))
