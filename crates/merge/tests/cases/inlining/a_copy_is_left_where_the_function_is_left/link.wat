;;! instance lib
(module
  (global $told (export "told") (mut i32) (i32.const 7))
  (func (export "clamp") (param $x i32) (result i32)
    (if (i32.gt_s (local.get $x) (i32.const 10)) (then (return (i32.const 10))))
    (block $low
      (br_if $low (i32.lt_s (local.get $x) (i32.const 0)))
      (return (local.get $x)))
    (i32.const 0))
  (func (export "pick") (param $x i32) (result i64)
    (block $a
      (block $b
        (br_if $b (i32.eqz (local.get $x))) (br_if $a (i32.eq (local.get $x) (i32.const 1))) (return (i64.const 5)))
      (return (i64.const 6)))
    (i64.const 7))
  (func (export "tell") (param $x i32)
    (br_if 0 (i32.eqz (local.get $x)))
    (block
      (global.set $told (local.get $x))
      (br_if 1 (i32.eq (local.get $x) (i32.const 4))))
    (global.set $told (i32.add (global.get $told) (i32.const 100))))
  ;; A block of two results would need a type.
  (func (export "two") (param $x i32) (result i32 i32)
    (if (local.get $x) (then (return (i32.const 1) (i32.const 2))))
    (i32.const 3)
    (i32.const 4)))
;;! library lib
;;! instance user
(module
  (import "lib" "clamp" (func $clamp (param i32) (result i32)))
  (import "lib" "pick" (func $pick (param i32) (result i64)))
  (import "lib" "tell" (func $tell (param i32)))
  (import "lib" "told" (global $told (mut i32)))
  (import "lib" "two" (func $two (param i32) (result i32 i32)))
  (func (export "clamp") (param i32) (result i32)
    (block (result i32) (i32.add (call $clamp (local.get 0)) (i32.const 1000))))
  (func (export "pick") (param i32) (result i64) (call $pick (local.get 0)))
  (func (export "tell") (param i32) (result i32)
    (call $tell (local.get 0))
    (global.get $told))
  (func (export "two") (param i32) (result i32) (i32.sub (call $two (local.get 0)))))
;;! inline into user
;;! export clamp = user.clamp
;;! export pick = user.pick
;;! export tell = user.tell
;;! export two = user.two
;;! call clamp 11
;;! call clamp 7
;;! call clamp -1
;;! call pick 0
;;! call pick 1
;;! call pick 2
;;! call tell 0
;;! call tell 2
;;! call tell 4
;;! call two 0
;;! call two 1
