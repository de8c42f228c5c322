;; A function with a `callback` could wait.
(component
  (component $callee
    (core func $return (canon task.return))
    (core module $m
      (import "" "return" (func $return))
      (func (export "f") (result i32) (call $return) (i32.const 0))
      (func (export "callback") (param i32 i32 i32) (result i32) (i32.const 0)))
    (core instance $m (instantiate $m (with "" (instance (export "return" (func $return))))))
    (func (export "f") async
      (canon lift (core func $m "f") async (callback (core func $m "callback")))))
  (component $caller
    (import "f" (func $f async))
    (core func $f (canon lower (func $f) async))
    (core module $m (import "" "f" (func $f (result i32))) (func (export "run") (drop (call $f))))
    (core instance $m (instantiate $m (with "" (instance (export "f" (func $f))))))
    (func (export "run") (canon lift (core func $m "run"))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller (with "f" (func $a "f"))))
  (export "run" (func $b "run")))
