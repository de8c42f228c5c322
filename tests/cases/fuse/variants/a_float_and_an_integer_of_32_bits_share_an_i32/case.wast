;; The flat payload of `f32` and `u32` is an `i32`; the float crosses as its bits.

(component definition $C
  (component $callee
    (core module $m
      (func (export "f") (param i32 i32) (result i32) (local.get 1)))
    (core instance $m (instantiate $m))
    (type $t' (variant (case "float" f32) (case "word" u32) (case "nothing")))
    (export $t "t" (type $t'))
    (func (export "f") (param "x" $t) (result u32) (canon lift (core func $m "f"))))
  (component $caller
    (type $t' (variant (case "float" f32) (case "word" u32) (case "nothing")))
    (import "t" (type $t (eq $t')))
    (import "f" (func $f (param "x" $t) (result u32)))
    (core func $f (canon lower (func $f)))
    (core module $m
      (import "" "f" (func $f (param i32 i32) (result i32)))
      (func (export "raw") (param i32 i32) (result i32) (call $f (local.get 0) (local.get 1))))
    (core instance $m (instantiate $m
      (with "" (instance (export "f" (func $f))))))
    (func (export "raw") (param "case" u32) (param "payload" u32) (result u32) (canon lift (core func $m "raw"))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller (with "t" (type $a "t")) (with "f" (func $a "f"))))
  (export "raw" (func $b "raw")))

(component instance $i $C)

(assert_return (invoke "raw" (u32.const 0) (u32.const 0x3fc00000)) (u32.const 0x3fc00000))

(assert_return (invoke "raw" (u32.const 1) (u32.const 0x7fffffff)) (u32.const 0x7fffffff))

(assert_return (invoke "raw" (u32.const 2) (u32.const 0x7fffffff)) (u32.const 0))
