;; Two instances of one component share nothing, and what is bound to one is not bound to the
;; other.

(component definition $C
  (component $counter
    (core module $m
      (global $total (mut i32) (i32.const 0))
      (func (export "add") (param i32) (result i32)
        (global.set $total (i32.add (global.get $total) (local.get 0)))
        (global.get $total)))
    (core instance $m (instantiate $m))
    (func (export "add") (param "x" u32) (result u32) (canon lift (core func $m "add"))))
  (component $caller
    (import "left" (func $left (param "x" u32) (result u32)))
    (import "right" (func $right (param "x" u32) (result u32)))
    (core func $left (canon lower (func $left)))
    (core func $right (canon lower (func $right)))
    (core module $m
      (import "" "left" (func $left (param i32) (result i32)))
      (import "" "right" (func $right (param i32) (result i32)))
      (func (export "left") (param i32) (result i32) (call $left (local.get 0)))
      (func (export "right") (param i32) (result i32) (call $right (local.get 0))))
    (core instance $m (instantiate $m
      (with "" (instance (export "left" (func $left)) (export "right" (func $right))))))
    (func (export "left") (param "x" u32) (result u32) (canon lift (core func $m "left")))
    (func (export "right") (param "x" u32) (result u32) (canon lift (core func $m "right"))))
  (instance $one (instantiate $counter))
  (instance $two (instantiate $counter))
  (instance $caller (instantiate $caller (with "left" (func $one "add")) (with "right" (func $two "add"))))
  (export "left" (func $caller "left"))
  (export "right" (func $caller "right"))
  (export "one" (func $one "add")))

(component instance $i $C)

(assert_return (invoke "left" (u32.const 5)) (u32.const 5))

(assert_return (invoke "right" (u32.const 7)) (u32.const 7))

(assert_return (invoke "left" (u32.const 1)) (u32.const 6))

(assert_return (invoke "one" (u32.const 10)) (u32.const 16))

(assert_return (invoke "right" (u32.const 0)) (u32.const 7))
