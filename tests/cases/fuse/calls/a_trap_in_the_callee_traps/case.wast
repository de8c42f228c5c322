;; What traps in a guest traps with the same words, in the guest's own function.

(component definition $C
  (component $callee
    (core module $m
      (func $divide (export "f") (param i32) (result i32) (i32.div_u (i32.const 84) (local.get 0))))
    (core instance $m (instantiate $m))
    (func (export "f") (param "x" u32) (result u32) (canon lift (core func $m "f"))))
  (component $caller
    (import "f" (func $f (param "x" u32) (result u32)))
    (core func $f (canon lower (func $f)))
    (core module $m
      (import "" "f" (func $f (param i32) (result i32)))
      (func (export "raw") (param i32) (result i32) (call $f (local.get 0))))
    (core instance $m (instantiate $m
      (with "" (instance (export "f" (func $f))))))
    (func (export "raw") (param "x" u32) (result u32) (canon lift (core func $m "raw"))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller (with "f" (func $a "f"))))
  (export "raw" (func $b "raw")))

(component instance $i $C)

(assert_return (invoke "raw" (u32.const 2)) (u32.const 42))

(component instance $i $C)
(assert_trap (invoke "raw" (u32.const 0)) "integer divide by zero")
