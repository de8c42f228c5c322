(component
  (type $u32 u32)
  (import "outer" (instance $outer
    (export "digit" (type (eq $u32)))
    (export "middle" (instance
      (export "next" (func (result u32)))
      (export "inner" (instance
        (export "next" (func (result u32)))
        (export "both" (func (result u32)))))))))
  (import "same" (instance $same
    (export "next" (func (result u32)))
    (export "both" (func (result u32)))))
  (import "both" (func $both (result u32)))
  (alias export $outer "middle" (instance $middle))
  (alias export $middle "inner" (instance $inner))
  (core func $a (canon lower (func $middle "next")))
  (core func $b (canon lower (func $inner "next")))
  (core func $same-b (canon lower (func $same "next")))
  (core func $inner-both (canon lower (func $inner "both")))
  (core func $both (canon lower (func $both)))
  (core module $m
    (import "" "a" (func $a (result i32)))
    (import "" "b" (func $b (result i32)))
    (import "" "same-b" (func $same-b (result i32)))
    (import "" "inner-both" (func $inner-both (result i32)))
    (import "" "both" (func $both (result i32)))
    (func (export "run") (result i32)
      (drop (call $a))
      (drop (call $b))
      (drop (call $same-b))
      (drop (call $inner-both))
      (call $both)))
  (core instance $m (instantiate $m (with "" (instance
    (export "a" (func $a)) (export "b" (func $b)) (export "same-b" (func $same-b))
    (export "inner-both" (func $inner-both)) (export "both" (func $both))))))
  (func (export "run") (result u32) (canon lift (core func $m "run"))))
