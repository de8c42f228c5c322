;; A `bool` is true unless its core value is zero, and the callee gets one for true.

(component definition $C
  (component $callee
    (core module $m
      (func (export "f") (param i32) (result i32) (local.get 0)))
    (core instance $m (instantiate $m))
    (func (export "f") (param "x" bool) (result u32) (canon lift (core func $m "f"))))
  (component $caller
    (import "f" (func $f (param "x" bool) (result u32)))
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

(assert_return (invoke "raw" (u32.const 0)) (u32.const 0))
(assert_return (invoke "raw" (u32.const 1)) (u32.const 1))
(assert_return (invoke "raw" (u32.const 2)) (u32.const 1))
(assert_return (invoke "raw" (u32.const 256)) (u32.const 1))
(assert_return (invoke "raw" (u32.const 4294967295)) (u32.const 1))
