;;! instance a
(module
  (import "host" "log" (func $log (param i32)))
  (memory (export "memory") i64 1)
  (table (export "table") i64 4 funcref)
  (func $start (call $log (i32.const 1)))
  (start $start))
;;! instance b
(module
  (import "a" "memory" (memory i64 1))
  (import "a" "table" (table i64 4 funcref))
  (data (i64.const 65534) "ab")
  (elem (i64.const 3) func $f)
  (func $f (result i32) (i32.load16_u (i64.const 65534)))
  (func (export "run") (result i32) (call_indirect (result i32) (i64.const 3))))
;;! export run = b.run
;;! call run
