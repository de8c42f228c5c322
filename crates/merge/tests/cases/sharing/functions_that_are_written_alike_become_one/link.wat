;; Whatever their indices are, and whatever they call, if that is written alike, too.
;;! instance memory
(module
  (memory (export "memory") 1))
;;! instance a
(module
  (import "memory" "memory" (memory 1))
  (import "host" "log" (func $log (param i32)))
  (func (export "run") (param i32) (result i32)
    (call $log (i32.const 1))
    (call $check (local.get 0)))
  (func $check (param i32) (result i32)
    (if (i32.gt_u (local.get 0) (i32.const 9)) (then (call $trap) unreachable))
    (i32.store (local.get 0) (i32.const 7))
    (call $add (i32.load (local.get 0)) (i32.const 3)))
  (func $trap (call $log (i32.const -1)) unreachable)
  (func $add (param i32 i32) (result i32)
    (if (result i32) (local.get 1)
      (then (call $add (i32.add (local.get 0) (i32.const 1)) (i32.sub (local.get 1) (i32.const 1))))
      (else (local.get 0)))))
;;! instance b
(module
  (type $other (func (param i64)))
  (import "host" "log" (func $log (param i32)))
  (import "memory" "memory" (memory 1))
  (func $add (param i32 i32) (result i32)
    (if (result i32) (local.get 1)
      (then (call $add (i32.add (local.get 0) (i32.const 1)) (i32.sub (local.get 1) (i32.const 1))))
      (else (local.get 0))))
  (func $trap (call $log (i32.const -1)) unreachable)
  (func (export "run") (param i32) (result i32)
    (call $log (i32.const 2))
    (call $check (local.get 0)))
  (func $check (param i32) (result i32)
    (if (i32.gt_u (local.get 0) (i32.const 9)) (then (call $trap) unreachable))
    (i32.store (local.get 0) (i32.const 7))
    (call $add (i32.load (local.get 0)) (i32.const 3))))
;;! share a
;;! share b
;;! export a = a.run
;;! export b = b.run
;;! call a 4
;;! call b 4
;;! call a 10
;;! call b 10
