;; Each start function runs in a thread of its own: what one leaves in a slot of the context, the next
;; does not find.
(component
  (component $A
    (core func $set (canon context.set i32 0))
    (core func $get (canon context.get i32 0))
    (core module $m
      (import "" "set" (func $set (param i32)))
      (import "" "get" (func $get (result i32)))
      (global $seen (mut i32) (i32.const -1))
      (func $start
        (global.set $seen (call $get))
        (call $set (i32.const 42)))
      (start $start)
      (func (export "seen") (result i32) (global.get $seen))
      (func (export "now") (result i32) (call $get)))
    (core instance $i (instantiate $m
      (with "" (instance (export "set" (func $set)) (export "get" (func $get))))))
    (core instance $j (instantiate $m
      (with "" (instance (export "set" (func $set)) (export "get" (func $get))))))
    (func (export "seen") (result u32) (canon lift (core func $i "seen")))
    (func (export "seen-too") (result u32) (canon lift (core func $j "seen")))
    (func (export "now") (result u32) (canon lift (core func $i "now"))))
  (instance $a (instantiate $A))
  (instance $v (instantiate $A))
  (export "a-seen" (func $a "seen"))
  (export "a-seen-too" (func $a "seen-too"))
  (export "v-seen" (func $v "seen"))
  (export "v-seen-too" (func $v "seen-too"))
  (export "now" (func $a "now")))
(assert_return (invoke "a-seen") (u32.const 0))
(assert_return (invoke "a-seen-too") (u32.const 0))
(assert_return (invoke "v-seen") (u32.const 0))
(assert_return (invoke "v-seen-too") (u32.const 0))
(assert_return (invoke "now") (u32.const 0))
