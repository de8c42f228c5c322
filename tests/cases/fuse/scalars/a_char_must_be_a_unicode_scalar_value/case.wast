;; A `char` in a core value traps if it is a surrogate or above 0x10ffff.

(component definition $C
  (component $callee
    (core module $m
      (func (export "f") (param i32) (result i32) (local.get 0)))
    (core instance $m (instantiate $m))
    (func (export "f") (param "x" char) (result u32) (canon lift (core func $m "f"))))
  (component $caller
    (import "f" (func $f (param "x" char) (result u32)))
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
(assert_return (invoke "raw" (u32.const 127)) (u32.const 127))
(assert_return (invoke "raw" (u32.const 55295)) (u32.const 55295))
(assert_return (invoke "raw" (u32.const 57344)) (u32.const 57344))
(assert_return (invoke "raw" (u32.const 1114111)) (u32.const 1114111))

(component instance $i $C)
(assert_trap (invoke "raw" (u32.const 55296)) "invalid `char` bit pattern")
(component instance $i $C)
(assert_trap (invoke "raw" (u32.const 56319)) "invalid `char` bit pattern")
(component instance $i $C)
(assert_trap (invoke "raw" (u32.const 57343)) "invalid `char` bit pattern")
(component instance $i $C)
(assert_trap (invoke "raw" (u32.const 1114112)) "invalid `char` bit pattern")
(component instance $i $C)
(assert_trap (invoke "raw" (u32.const 4294967295)) "invalid `char` bit pattern")
