;; The engine has one count of backpressure, one lock and one table for an instance, and these are
;; two.
(component
  (component $a
    (core func $new (canon waitable-set.new))
    (core module $m (import "" "new" (func (result i32))))
    (core instance (instantiate $m (with "" (instance (export "new" (func $new)))))))
  (component $b
    (core module $m
      (func (export "f") (result i32) (i32.const 0))
      (func (export "callback") (param i32 i32 i32) (result i32) (i32.const 0)))
    (core instance $m (instantiate $m))
    (func (export "f") async
      (canon lift (core func $m "f") async (callback (core func $m "callback")))))
  (instance $a (instantiate $a))
  (instance $b (instantiate $b))
  (export "f" (func $b "f")))
