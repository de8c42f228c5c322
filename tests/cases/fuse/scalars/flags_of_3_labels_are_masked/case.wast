;; Bits beyond the 3 labels of `flags` do not reach the callee.

(component definition $C
  (component $callee
    (core module $m
      (func (export "f") (param i32) (result i32) (local.get 0)))
    (core instance $m (instantiate $m))
    (type $t' (flags "c0" "c1" "c2"))
    (export $t "t" (type $t'))
    (func (export "f") (param "x" $t) (result u32) (canon lift (core func $m "f"))))
  (component $caller
    (type $t' (flags "c0" "c1" "c2"))
    (import "t" (type $t (eq $t')))
    (import "f" (func $f (param "x" $t) (result u32)))
    (core func $f (canon lower (func $f)))
    (core module $m
      (import "" "f" (func $f (param i32) (result i32)))
      (func (export "raw") (param i32) (result i32) (call $f (local.get 0))))
    (core instance $m (instantiate $m
      (with "" (instance (export "f" (func $f))))))
    (func (export "raw") (param "x" u32) (result u32) (canon lift (core func $m "raw"))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller (with "t" (type $a "t")) (with "f" (func $a "f"))))
  (export "raw" (func $b "raw")))

(component instance $i $C)

(assert_return (invoke "raw" (u32.const 4294967295)) (u32.const 7))
(assert_return (invoke "raw" (u32.const 4)) (u32.const 4))
(assert_return (invoke "raw" (u32.const 3)) (u32.const 3))
