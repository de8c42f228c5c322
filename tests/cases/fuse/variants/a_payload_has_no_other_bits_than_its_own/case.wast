;; The flat payload of a variant is as wide as its widest case needs. The callee gets a narrower
;; payload with zeros above it, and zero for a case without payload.

(component definition $C
  (component $callee
    (core module $m
      (func (export "f") (param i32 i64) (result i64) (local.get 1)))
    (core instance $m (instantiate $m))
    (type $t' (variant (case "none") (case "word" u64) (case "half" u32) (case "float" f32) (case "double" f64) (case "byte" s8)))
    (export $t "t" (type $t'))
    (func (export "f") (param "x" $t) (result u64) (canon lift (core func $m "f"))))
  (component $caller
    (type $t' (variant (case "none") (case "word" u64) (case "half" u32) (case "float" f32) (case "double" f64) (case "byte" s8)))
    (import "t" (type $t (eq $t')))
    (import "f" (func $f (param "x" $t) (result u64)))
    (core func $f (canon lower (func $f)))
    (core module $m
      (import "" "f" (func $f (param i32 i64) (result i64)))
      (func (export "raw") (param i32 i64) (result i64) (call $f (local.get 0) (local.get 1))))
    (core instance $m (instantiate $m
      (with "" (instance (export "f" (func $f))))))
    (func (export "raw") (param "case" u32) (param "payload" u64) (result u64) (canon lift (core func $m "raw"))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller (with "t" (type $a "t")) (with "f" (func $a "f"))))
  (export "raw" (func $b "raw")))

(component instance $i $C)

(assert_return (invoke "raw" (u32.const 0) (u64.const 0x1234567812345678)) (u64.const 0))

(assert_return (invoke "raw" (u32.const 1) (u64.const 0xfedcba9876543210)) (u64.const 0xfedcba9876543210))

(assert_return (invoke "raw" (u32.const 2) (u64.const 0xfedcba9876543210)) (u64.const 0x76543210))

(assert_return (invoke "raw" (u32.const 3) (u64.const 0xffffffff3f800000)) (u64.const 0x3f800000))

(assert_return (invoke "raw" (u32.const 4) (u64.const 0x3ff0000000000000)) (u64.const 0x3ff0000000000000))

(assert_return (invoke "raw" (u32.const 5) (u64.const 0xffffffffffffff80)) (u64.const 0xffffff80))

(assert_return (invoke "raw" (u32.const 5) (u64.const 0x17f)) (u64.const 0x7f))

(component instance $i $C)
(assert_trap (invoke "raw" (u32.const 6) (u64.const 0)) "invalid variant discriminant")

(component instance $i $C)
(assert_trap (invoke "raw" (u32.const 0xffffffff) (u64.const 0)) "invalid variant discriminant")
