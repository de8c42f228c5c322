;; A lowered function is a core function like any other: guests put it into tables, refer to it
;; and tail-call it.

(component definition $C
  (component $callee
    (core module $m
      (func (export "f") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1))))
    (core instance $m (instantiate $m))
    (func (export "f") (param "x" u8) (result u8) (canon lift (core func $m "f"))))
  (component $caller
    (import "f" (func $f (param "x" u8) (result u8)))
    (core func $f (canon lower (func $f)))
    (core module $m
      (import "" "f" (func $f (param i32) (result i32)))
      (type $t (func (param i32) (result i32)))
      (table funcref (elem $f))
      (elem declare func $f)
      (func (export "table") (param i32) (result i32) (call_indirect (type $t) (local.get 0) (i32.const 0)))
      (func (export "tail") (param i32) (result i32) (return_call $f (local.get 0)))
      (func (export "reference") (param i32) (result i32) (call_ref $t (local.get 0) (ref.func $f))))
    (core instance $m (instantiate $m
      (with "" (instance (export "f" (func $f))))))
    (func (export "table") (param "x" u32) (result u32) (canon lift (core func $m "table")))
    (func (export "tail") (param "x" u32) (result u32) (canon lift (core func $m "tail")))
    (func (export "reference") (param "x" u32) (result u32) (canon lift (core func $m "reference"))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller (with "f" (func $a "f"))))
  (export "table" (func $b "table"))
  (export "tail" (func $b "tail"))
  (export "reference" (func $b "reference")))

(component instance $i $C)

(assert_return (invoke "table" (u32.const 0x1ff)) (u32.const 0))

(assert_return (invoke "tail" (u32.const 0x1ff)) (u32.const 0))

(assert_return (invoke "reference" (u32.const 0x1ff)) (u32.const 0))
