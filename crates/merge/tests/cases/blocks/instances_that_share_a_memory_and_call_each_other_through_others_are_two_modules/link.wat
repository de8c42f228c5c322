;;! instance early
(module
  (memory (export "memory") 1)
  (data (i32.const 8) "early")
  (func (export "get") (param i32) (result i32) (i32.load8_u (local.get 0))))
;;! instance other
(module
  (import "early" "get" (func $get (param i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "\01")
  (func (export "get") (param i32) (result i32)
    (i32.add (call $get (local.get 0)) (i32.load8_u (i32.const 0)))))
;;! instance late
(module
  (import "early" "memory" (memory 1))
  (import "other" "get" (func $get (param i32) (result i32)))
  (data (i32.const 9) "ATE")
  (func (export "run") (param i32) (result i32)
    (i32.store8 (i32.const 12) (i32.const 33))
    (call $get (local.get 0))))
;;! export run = late.run
;;! export memory = early.memory
;;! export other = other.memory
;;! call run 9
;;! call run 12
;;! dump memory
;;! dump other
