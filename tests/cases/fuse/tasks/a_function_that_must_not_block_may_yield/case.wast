;; `wait` is not `async`, and another instance calls it. Nothing else is ready, so to yield is to go on.
(component
  (component $callee
    (core func $yield (canon thread.yield))
    (core module $m
      (import "" "yield" (func $yield (result i32)))
      (func (export "wait") (result i32) (i32.add (call $yield) (i32.const 1))))
    (core instance $m (instantiate $m (with "" (instance (export "yield" (func $yield))))))
    (func (export "wait") (result u32) (canon lift (core func $m "wait"))))
  (component $caller
    (import "wait" (func $wait (result u32)))
    (core func $wait (canon lower (func $wait)))
    (core module $m
      (import "" "wait" (func $wait (result i32)))
      (func (export "run") (result i32) (call $wait)))
    (core instance $m (instantiate $m (with "" (instance (export "wait" (func $wait))))))
    (func (export "run") (result u32) (canon lift (core func $m "run"))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller (with "wait" (func $a "wait"))))
  (export "run" (func $b "run")))

(assert_return (invoke "run") (u32.const 1))
(assert_return (invoke "run") (u32.const 1))
