;; A core module that two core instances of one component are made of, and a component's module
;; that an inner component gets by an outer alias, are instantiated as often as it is said.

(component definition $C
  (core module $counter
    (global $total (mut i32) (i32.const 0))
    (func (export "add") (param i32) (result i32)
      (global.set $total (i32.add (global.get $total) (local.get 0)))
      (global.get $total)))
  (component $inner
    (alias outer $C $counter (core module $counter))
    (core instance $one (instantiate $counter))
    (core instance $two (instantiate $counter))
    (func (export "one") (param "x" u32) (result u32) (canon lift (core func $one "add")))
    (func (export "two") (param "x" u32) (result u32) (canon lift (core func $two "add"))))
  (core instance $three (instantiate $counter))
  (instance $inner (instantiate $inner))
  (export "one" (func $inner "one"))
  (export "two" (func $inner "two"))
  (func (export "three") (param "x" u32) (result u32) (canon lift (core func $three "add"))))

(component instance $i $C)

(assert_return (invoke "one" (u32.const 5)) (u32.const 5))

(assert_return (invoke "two" (u32.const 7)) (u32.const 7))

(assert_return (invoke "three" (u32.const 1)) (u32.const 1))

(assert_return (invoke "one" (u32.const 1)) (u32.const 6))
