;; What is checked depends on the type of each lift, not on the core function.

(component definition $C
  (component $callee
    (core module $m
      (func (export "f") (param i32) (result i32) (local.get 0)))
    (core instance $m (instantiate $m))
    (func (export "as-u8") (param "x" u8) (result u8) (canon lift (core func $m "f")))
    (func (export "as-bool") (param "x" bool) (result u32) (canon lift (core func $m "f")))
    (func (export "as-s16") (param "x" s16) (result s16) (canon lift (core func $m "f"))))
  (component $caller
    (import "as-u8" (func $as-u8 (param "x" u8) (result u8)))
    (import "as-bool" (func $as-bool (param "x" bool) (result u32)))
    (import "as-s16" (func $as-s16 (param "x" s16) (result s16)))
    (core func $as-u8 (canon lower (func $as-u8)))
    (core func $as-bool (canon lower (func $as-bool)))
    (core func $as-s16 (canon lower (func $as-s16)))
    (core module $m
      (import "" "u8" (func $u8 (param i32) (result i32)))
      (import "" "bool" (func $bool (param i32) (result i32)))
      (import "" "s16" (func $s16 (param i32) (result i32)))
      (func (export "raw") (param i32) (result i32)
        (i32.add
          (i32.add (call $u8 (local.get 0)) (i32.mul (i32.const 1000) (call $bool (local.get 0))))
          (i32.mul (i32.const 100000) (call $s16 (local.get 0))))))
    (core instance $m (instantiate $m (with "" (instance
      (export "u8" (func $as-u8)) (export "bool" (func $as-bool)) (export "s16" (func $as-s16))))))
    (func (export "raw") (param "x" u32) (result s32) (canon lift (core func $m "raw"))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller
    (with "as-u8" (func $a "as-u8")) (with "as-bool" (func $a "as-bool")) (with "as-s16" (func $a "as-s16"))))
  (export "raw" (func $b "raw")))

(component instance $i $C)

(assert_return (invoke "raw" (u32.const 0x1ffff)) (s32.const -98745))

(assert_return (invoke "raw" (u32.const 0)) (s32.const 0))
