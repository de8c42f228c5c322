;;! instance before
(module
  (import "host" "log" (func $log (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "\0a")
  (func (export "peek") (result i32) (i32.load8_u (i32.const 0)))
  (func $start (call $log (i32.const 1)))
  (start $start))
;;! instance patch
(module
  (import "before" "memory" (memory 1))
  (data (i32.const 0) "\0b"))
;;! instance opaque
(module
  (import "host" "log" (func $log (param i32)))
  (import "before" "peek" (func $peek (result i32)))
  (func $start (call $log (call $peek)))
  (start $start)
  (func (export "twice") (param i32) (result i32) (i32.shl (local.get 0) (i32.const 1))))
;;! opaque opaque
;;! instance after
(module
  (import "host" "log" (func $log (param i32)))
  (import "before" "memory" (memory 1))
  (data (i32.const 0) "\0c")
  (func $start (call $log (i32.load8_u (i32.const 0))))
  (start $start))
;;! instance last
(module
  (import "host" "log" (func $log (param i32)))
  (import "opaque" "twice" (func $twice (param i32) (result i32)))
  (import "before" "peek" (func $peek (result i32)))
  (func $start (call $log (i32.const 4)))
  (start $start)
  (func (export "run") (result i32) (call $twice (call $peek))))
;;! export run = last.run
;;! export twice = opaque.twice
;;! call run
;;! call twice 21
