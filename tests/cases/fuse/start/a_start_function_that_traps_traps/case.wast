;; A trap in a start function is a trap of the instantiation.

(assert_trap (component
  (component $a
    (core module $m (func $divide (export "f") (param i32) (result i32) (i32.div_u (i32.const 1) (local.get 0))))
    (core instance $m (instantiate $m))
    (func (export "f") (param "x" u32) (result u32) (canon lift (core func $m "f"))))
  (component $b
    (import "f" (func $f (param "x" u32) (result u32)))
    (core func $f (canon lower (func $f)))
    (core module $m
      (import "" "f" (func $f (param i32) (result i32)))
      (func $start (drop (call $f (i32.const 0))))
      (start $start))
    (core instance (instantiate $m (with "" (instance (export "f" (func $f)))))))
  (instance $a (instantiate $a))
  (instance (instantiate $b (with "f" (func $a "f"))))) "divide by zero")

;; the callee by itself
(component
  (core module $m (func $divide (export "f") (param i32) (result i32) (i32.div_u (i32.const 1) (local.get 0))))
  (core instance $m (instantiate $m))
  (func (export "f") (param "x" u32) (result u32) (canon lift (core func $m "f"))))

(assert_return (invoke "f" (u32.const 1)) (u32.const 1))
