;; The start function of each core instance runs when it would: after those of the instances
;; before it, with their state, and before anything is called. What they say to the host comes
;; in that order.

(component definition $C
  (import "log" (func $log (param "x" u32)))
  (component $first
    (import "log" (func $log (param "x" u32)))
    (core func $log (canon lower (func $log)))
    (core module $m
      (import "" "log" (func $log (param i32)))
      (global $state (mut i32) (i32.const 100))
      (func $start
        (call $log (i32.const 1))
        (global.set $state (i32.add (global.get $state) (i32.const 10))))
      (start $start)
      (func (export "f") (param i32) (result i32) (i32.add (global.get $state) (local.get 0))))
    (core instance $m (instantiate $m (with "" (instance (export "log" (func $log))))))
    (func (export "f") (param "x" u32) (result u32) (canon lift (core func $m "f"))))
  (component $second
    (import "log" (func $log (param "x" u32)))
    (import "before" (func $before (param "x" u32) (result u32)))
    (core func $log (canon lower (func $log)))
    (core func $before (canon lower (func $before)))
    (core module $m
      (import "" "log" (func $log (param i32)))
      (import "" "before" (func $before (param i32) (result i32)))
      (global $state (mut i32) (i32.const 200))
      (func $start
        (call $log (call $before (i32.const 1)))
        (global.set $state (i32.add (global.get $state) (i32.const 10))))
      (start $start)
      (func (export "f") (param i32) (result i32) (i32.add (global.get $state) (local.get 0))))
    (core instance $m (instantiate $m (with "" (instance (export "log" (func $log)) (export "before" (func $before))))))
    (func (export "f") (param "x" u32) (result u32) (canon lift (core func $m "f"))))
  (instance $a (instantiate $first (with "log" (func $log))))
  (instance $b (instantiate $second (with "log" (func $log)) (with "before" (func $a "f"))))
  (instance $c (instantiate $second (with "log" (func $log)) (with "before" (func $b "f"))))
  (export "f" (func $c "f")))

(component instance $i $C)

(assert_return (invoke "f" (u32.const 5)) (u32.const 215))
