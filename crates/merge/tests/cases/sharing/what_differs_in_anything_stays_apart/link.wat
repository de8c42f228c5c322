;; In a name, a memory, a type, a number, what it calls, or in whether anybody asked for it.
;;! instance a
(module
  (import "host" "log" (func $log (param i32)))
  (memory 1)
  (func $name-a (call $log (i32.const 1)))
  (func $memory (result i32) (i32.load (i32.const 0)))
  (func $type (param i32) (call $log (i32.const 2)))
  (func $number (call $log (i32.const 3)))
  (func $callee (call $number) (call $number))
  (func $asked (call $log (i32.const 5)))
  (func $circle (param i32) (if (local.get 0) (then (call $round (i32.sub (local.get 0) (i32.const 1))))))
  (func $round (param i32) (if (local.get 0) (then (call $circle (i32.sub (local.get 0) (i32.const 1))))))
  (func (export "run")
    (i32.store (i32.const 0) (i32.const 8))
    (call $name-a) (call $log (call $memory)) (call $type (i32.const 0)) (call $number) (call $callee)
    (call $asked) (call $circle (i32.const 3))))
;;! instance b
(module
  (import "host" "log" (func $log (param i32)))
  (memory 1)
  (func $name-b (call $log (i32.const 1)))
  (func $memory (result i32) (i32.load (i32.const 0)))
  (func $type (param i64) (call $log (i32.const 2)))
  (func $number (call $log (i32.const 4)))
  (func $callee (call $number) (call $number))
  (func $circle (param i32) (if (local.get 0) (then (call $round (i32.sub (local.get 0) (i32.const 1))))))
  (func $round (param i32) (if (local.get 0) (then (call $circle (i32.sub (local.get 0) (i32.const 1))))))
  (func (export "run")
    (i32.store (i32.const 0) (i32.const 9))
    (call $name-b) (call $log (call $memory)) (call $type (i64.const 0)) (call $number) (call $callee)
    (call $circle (i32.const 3))))
;;! instance c
(module
  (import "host" "log" (func $log (param i32)))
  (memory 1)
  (func $asked (call $log (i32.const 5)))
  (func (export "run") (call $asked)))
;;! share a
;;! share b
;;! export a = a.run
;;! export b = b.run
;;! export c = c.run
;;! call a
;;! call b
;;! call c
