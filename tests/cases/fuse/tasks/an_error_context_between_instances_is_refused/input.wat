;; What an error context says is the engine's.
(component
  (component $callee
    (core module $m (func (export "f") (param i32)))
    (core instance $m (instantiate $m))
    (func (export "f") (param "x" error-context) (canon lift (core func $m "f"))))
  (component $caller
    (import "f" (func $f (param "x" error-context)))
    (core func $f (canon lower (func $f)))
    (core module $m (import "" "f" (func $f (param i32))) (func (export "run") (call $f (i32.const 1))))
    (core instance $m (instantiate $m (with "" (instance (export "f" (func $f))))))
    (func (export "run") (canon lift (core func $m "run"))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller (with "f" (func $a "f"))))
  (export "run" (func $b "run")))
