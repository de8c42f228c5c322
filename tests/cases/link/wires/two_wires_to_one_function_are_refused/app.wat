(component
  (import "demo:log/sink" (instance $sink
    (type $level (enum "low" "high"))
    (export "level" (type $l (eq $level)))
    (export "write" (func (param "level" $l) (result u32)))
    (export "flush" (func (result u32)))))
  (alias export $sink "level" (type $l))
  (core func $write (canon lower (func $sink "write")))
  (core func $flush (canon lower (func $sink "flush")))
  (core module $code
    (import "sink" "write" (func $write (param i32) (result i32)))
    (import "sink" "flush" (func $flush (result i32)))
    (func (export "run") (result i32)
      (i32.add (i32.mul (i32.const 100) (call $write (i32.const 1))) (call $flush))))
  (core instance $instance (instantiate $code
    (with "sink" (instance (export "write" (func $write)) (export "flush" (func $flush))))))
  (func (export "run") (result u32) (canon lift (core func $instance "run"))))
