;; A guest catches what it throws itself.

(component definition $C
  (component $callee
    (core module $m
      (tag $thrown (param i32))
      (func $thrower (param i32) (throw $thrown (local.get 0)))
      (func (export "f") (param i32) (result i32)
        (block $caught (result i32)
          (try_table (catch $thrown $caught) (call $thrower (local.get 0)))
          (i32.const 0))))
    (core instance $m (instantiate $m))
    (func (export "f") (param "x" u32) (result u32) (canon lift (core func $m "f"))))
  (component $caller
    (import "f" (func $f (param "x" u32) (result u32)))
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

(assert_return (invoke "raw" (u32.const 41)) (u32.const 41))
