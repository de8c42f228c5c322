;;! instance lib
(module
  (global $count (mut i32) (i32.const 0))
  (func $tick (export "tick") (param $by i32) (result i32)
    (global.set $count (i32.add (global.get $count) (local.get $by)))
    (global.get $count)))
;;! library lib
;;! share lib
;;! instance guest
(module
  (func (export "work")))
;;! instance user
(module
  (import "host" "log" (func $log (param i32)))
  (import "lib" "tick" (func $tick (param i32) (result i32)))
  (import "guest" "work" (func $work))
  ;; Even if it does so now and then only.
  (func (export "outside") (param i32)
    (if (i32.gt_u (call $tick (local.get 0)) (i32.const 5)) (then (call $log (local.get 0)))))
  ;; A guest may be called more often.
  (func (export "guest") (param i32)
    (if (i32.gt_u (call $tick (local.get 0)) (i32.const 5)) (then (call $log (local.get 0))))
    (call $work))
  (func (export "inside") (param i32) (result i32)
    (i32.add (call $tick (local.get 0)) (i32.const 1))))
;;! inline into user
;;! export guest = user.guest
;;! export outside = user.outside
;;! export inside = user.inside
;;! call inside 3
;;! call outside 2
;;! call outside 4
;;! call guest 4
