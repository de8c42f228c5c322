;;! instance base
(module
  (memory (export "memory") 1)
  (table (export "table") 3 funcref)
  (data (i32.const 0) "base")
  (func (export "peek") (param i32) (result i32) (i32.load8_u (local.get 0))))
;;! instance first
(module
  (import "host" "log" (func $log (param i32)))
  (import "base" "peek" (func $peek (param i32) (result i32)))
  (memory 1)
  (data (i32.const 0) "\01")
  (func $start
    (call $log (i32.load8_u (i32.const 0)))
    (call $log (call $peek (i32.const 0))))
  (start $start))
;;! instance second
(module
  (import "host" "log" (func $log (param i32)))
  (import "base" "memory" (memory 1))
  (import "base" "table" (table 3 funcref))
  (data (i32.const 0) "S")
  (elem (i32.const 1) $f)
  (func $f (result i32) (i32.const 42))
  (func $start (call $log (i32.load8_u (i32.const 0))))
  (start $start))
;;! instance third
(module
  (import "host" "log" (func $log (param i32)))
  (import "base" "peek" (func $peek (param i32) (result i32)))
  (import "base" "table" (table 3 funcref))
  (memory 1)
  (data (i32.const 4) "third")
  (func $start
    (call $log (call $peek (i32.const 0)))
    (call $log (call_indirect (result i32) (i32.const 1)))
    (call $log (i32.load8_u (i32.const 4))))
  (start $start)
  (func (export "run") (result i32) (i32.load8_u (i32.const 5))))
;;! instance fourth
(module
  (import "base" "memory" (memory 1))
  (data (i32.const 1) "four"))
;;! export memory = base.memory
;;! export run = third.run
;;! call run
;;! dump memory
