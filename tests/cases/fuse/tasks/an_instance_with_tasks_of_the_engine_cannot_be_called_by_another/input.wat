;; The engine would not make a task for the call of `wait`, which may block.
(component
  (component $callee
    (core func $yield (canon thread.yield))
    (core module $m
      (import "" "yield" (func $yield (result i32)))
      (func (export "wait") (drop (call $yield))))
    (core instance $m (instantiate $m (with "" (instance (export "yield" (func $yield))))))
    (func (export "wait") (canon lift (core func $m "wait"))))
  (component $caller
    (import "wait" (func $wait))
    (core func $wait (canon lower (func $wait)))
    (core module $m (import "" "wait" (func $wait)) (func (export "run") (call $wait)))
    (core instance $m (instantiate $m (with "" (instance (export "wait" (func $wait))))))
    (func (export "run") (canon lift (core func $m "run"))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller (with "wait" (func $a "wait"))))
  (export "run" (func $b "run")))
