;; `option` is a variant of two cases; `none` has no payload.

(component definition $C
  (component $callee
    (core module $m
      (func (export "f") (param i32 i32) (result i32) (local.get 1)))
    (core instance $m (instantiate $m))
    (func (export "f") (param "x" (option u32)) (result u32) (canon lift (core func $m "f"))))
  (component $caller
    (import "f" (func $f (param "x" (option u32)) (result u32)))
    (core func $f (canon lower (func $f)))
    (core module $m
      (import "" "f" (func $f (param i32 i32) (result i32)))
      (func (export "raw") (param i32 i32) (result i32) (call $f (local.get 0) (local.get 1))))
    (core instance $m (instantiate $m
      (with "" (instance (export "f" (func $f))))))
    (func (export "raw") (param "case" u32) (param "payload" u32) (result u32) (canon lift (core func $m "raw"))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller (with "f" (func $a "f"))))
  (export "raw" (func $b "raw")))

(component instance $i $C)

(assert_return (invoke "raw" (u32.const 0) (u32.const 77)) (u32.const 0))

(assert_return (invoke "raw" (u32.const 1) (u32.const 77)) (u32.const 77))

(component instance $i $C)
(assert_trap (invoke "raw" (u32.const 2) (u32.const 77)) "invalid variant discriminant")

(component instance $i $C)
(assert_trap (invoke "raw" (u32.const 256) (u32.const 77)) "invalid variant discriminant")
