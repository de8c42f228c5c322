;; An instance whose `realloc` lowers a parameter from outside may not leave meanwhile, either.

(component definition $C
  (component $target
    (core module $m (func (export "out")))
    (core instance $m (instantiate $m))
    (func (export "out") (canon lift (core func $m "out"))))
  (component $callee
    (import "out" (func $out))
    (core func $out (canon lower (func $out)))
    (core module $m
      (import "" "out" (func $out))
      (memory (export "memory") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32)
        (if (i32.gt_u (local.get 3) (i32.const 4)) (then (call $out)))
        (i32.const 1024))
      (func (export "f") (param i32 i32) (result i32) (call $out) (local.get 1)))
    (core instance $m (instantiate $m (with "" (instance (export "out" (func $out))))))
    (func (export "f") (param "x" string) (result u32) (canon lift (core func $m "f") (memory (core memory $m "memory")) (realloc (core func $m "realloc")))))
  (instance $t (instantiate $target))
  (instance $a (instantiate $callee (with "out" (func $t "out"))))
  (export "f" (func $a "f")))

(component instance $i $C)

(assert_return (invoke "f" (str.const "four")) (u32.const 4))

(assert_return (invoke "f" (str.const "")) (u32.const 0))

(assert_trap (invoke "f" (str.const "fifth")) "cannot leave component instance")
