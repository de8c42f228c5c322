;;! instance a
(module
  (import "host" "log" (func $log (param i32)))
  (memory (export "memory") 1)
  (table (export "table") 4 funcref)
  (data (i32.const 0) "\01")
  (func $show (export "show") (call $log (i32.load8_u (i32.const 0))))
  (start $show))
;;! instance b
(module
  (import "host" "log" (func $log (param i32)))
  (import "a" "memory" (memory 1))
  (import "a" "table" (table 4 funcref))
  (import "a" "show" (func $show))
  (data (i32.const 0) "\02")
  (elem (i32.const 2) func $f)
  (func $f (call $log (i32.const 77)))
  (func $start (call $show) (call_indirect (i32.const 2)))
  (start $start))
;;! instance c
(module
  (import "a" "memory" (memory 1))
  (data (i32.const 0) "\03"))
;;! export show = a.show
;;! export memory = a.memory
;;! call show
;;! dump memory
