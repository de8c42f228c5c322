;;! instance lib
(module
  (func $wrong (@name "wrong") unreachable)
  (func $both (@name "wrong in any case") (param $x i32)
    (if (local.get $x) (then (call $wrong)))
    (call $wrong))
  (func (export "check") (param $x i32)
    (if (i32.gt_u (local.get $x) (i32.const 9)) (then (call $both (local.get $x)))))
  (func $down (export "down") (param $x i32) (result i32)
    (if (result i32) (local.get $x)
      (then (call $up (i32.sub (local.get $x) (i32.const 1))))
      (else (i32.const 1))))
  (func $up (param $x i32) (result i32)
    (i32.add (call $down (local.get $x)) (i32.const 1))))
;;! library lib
;;! instance user
(module
  (import "lib" "check" (func $check (param i32)))
  (import "lib" "down" (func $down (param i32) (result i32)))
  (func (export "run") (param i32) (result i32)
    (call $check (local.get 0))
    (call $down (local.get 0))))
;;! inline into user
;;! export run = user.run
;;! call run 5
;;! call run 10
