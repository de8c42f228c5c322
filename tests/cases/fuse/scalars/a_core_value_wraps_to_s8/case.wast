;; The bits of a core value beyond those of `s8` are ignored: the callee gets the value with its
;; sign extended.

(component definition $C
  (component $callee
    (core module $m
      (func (export "f") (param i32) (result i32) (local.get 0)))
    (core instance $m (instantiate $m))
    (func (export "f") (param "x" s8) (result u32) (canon lift (core func $m "f"))))
  (component $caller
    (import "f" (func $f (param "x" s8) (result u32)))
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

(assert_return (invoke "raw" (u32.const 511)) (u32.const 4294967295))
(assert_return (invoke "raw" (u32.const 128)) (u32.const 4294967168))
(assert_return (invoke "raw" (u32.const 383)) (u32.const 127))
(assert_return (invoke "raw" (u32.const 256)) (u32.const 0))
