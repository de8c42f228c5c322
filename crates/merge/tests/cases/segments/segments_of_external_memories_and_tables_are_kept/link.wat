;;! instance a
(module
  (import "host" "memory" (memory 1))
  (import "host" "table" (table 3 funcref))
  (data (i32.const 4) "abc")
  (elem (i32.const 1) func $f)
  (func $f (result i32) (i32.const 9)))
;;! instance b
(module
  (import "host" "memory" (memory 1))
  (import "host" "table" (table 3 funcref))
  (func (export "get") (param i32) (result i32) (i32.load8_u (local.get 0)))
  (func (export "call") (param i32) (result i32) (call_indirect (result i32) (local.get 0))))
;;! export get = b.get
;;! export call = b.call
;;! call get 5
;;! call call 1
;;! call call 2
