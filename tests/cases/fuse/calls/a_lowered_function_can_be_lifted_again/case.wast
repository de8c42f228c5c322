;; A component that lowers a function and lifts the result has no module of its own; values are
;; checked on the way in and out.

(component definition $C
  (component $callee
    (core module $m
      (func (export "f") (param i32) (result i32) (local.get 0)))
    (core instance $m (instantiate $m))
    (func (export "f") (param "x" u8) (result s8) (canon lift (core func $m "f"))))
  (component $middle
    (import "f" (func $f (param "x" u8) (result s8)))
    (core func $f (canon lower (func $f)))
    (func (export "f") (param "x" u32) (result s32) (canon lift (core func $f))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $middle (with "f" (func $a "f"))))
  (export "f" (func $b "f")))

(component instance $i $C)

(assert_return (invoke "f" (u32.const 0x1ff)) (s32.const -1))

(assert_return (invoke "f" (u32.const 0x17f)) (s32.const 127))
