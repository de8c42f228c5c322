;; An exception does not cross: it cannot be caught by the caller.

(component definition $C
  (component $callee
    (core module $m
      (tag $thrown)
      (func $thrower (export "f") (param i32) (result i32)
        (if (local.get 0) (then (throw $thrown)))
        (i32.const 7)))
    (core instance $m (instantiate $m))
    (func (export "f") (param "x" bool) (result u32) (canon lift (core func $m "f"))))
  (component $caller
    (import "f" (func $f (param "x" bool) (result u32)))
    (core func $f (canon lower (func $f)))
    (core module $m
      (import "" "f" (func $f (param i32) (result i32)))
      (func (export "raw") (param i32) (result i32)
        (block $caught
          (return (try_table (result i32) (catch_all $caught) (call $f (local.get 0)))))
        (i32.const 99)))
    (core instance $m (instantiate $m
      (with "" (instance (export "f" (func $f))))))
    (func (export "raw") (param "x" bool) (result u32) (canon lift (core func $m "raw"))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller (with "f" (func $a "f"))))
  (export "raw" (func $b "raw")))

(component instance $i $C)

(assert_return (invoke "raw" (bool.const false)) (u32.const 7))

(assert_trap (invoke "raw" (bool.const true)) "uncaught exception propagated out of component")
