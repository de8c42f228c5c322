(component
  (component $count
    (core module $m
      (global $n (mut i32) (i32.const 0))
      (func (export "next") (result i32)
        (global.set $n (i32.add (global.get $n) (i32.const 1)))
        (global.get $n)))
    (core instance $m (instantiate $m))
    (func (export "next") (result u32) (canon lift (core func $m "next"))))
  (instance $a (instantiate $count))
  (instance $b (instantiate $count))
  (component $both
    (import "a" (func $a (result u32)))
    (import "b" (func $b (result u32)))
    (core func $a (canon lower (func $a)))
    (core func $b (canon lower (func $b)))
    (core module $m
      (import "" "a" (func $a (result i32)))
      (import "" "b" (func $b (result i32)))
      (func (export "both") (result i32)
        (i32.add (i32.mul (i32.const 10) (call $a)) (call $b))))
    (core instance $m (instantiate $m (with "" (instance
      (export "a" (func $a)) (export "b" (func $b))))))
    (func (export "both") (result u32) (canon lift (core func $m "both"))))
  (instance $both (instantiate $both (with "a" (func $a "next")) (with "b" (func $b "next"))))
  (type $digit u32)
  (instance $inner (export "next" (func $b "next")) (export "both" (func $both "both")))
  (instance $middle (export "inner" (instance $inner)) (export "next" (func $a "next")))
  (instance $outer (export "middle" (instance $middle)) (export "digit" (type $digit)))
  (export "outer" (instance $outer))
  (export "same" (instance $inner))
  (export "both" (func $both "both")))
