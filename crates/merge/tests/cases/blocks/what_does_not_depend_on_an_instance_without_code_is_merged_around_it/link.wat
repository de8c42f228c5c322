;;! instance a
(module
  (memory (export "memory") 1)
  (data (i32.const 0) "\05")
  (func (export "a") (result i32) (i32.load8_u (i32.const 0))))
;;! instance opaque
(module
  (func (export "plus") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))
;;! opaque opaque
;;! instance b
(module
  (memory 1)
  (data (i32.const 0) "\06")
  (func (export "b") (result i32) (i32.load8_u (i32.const 0))))
;;! instance c
(module
  (import "a" "a" (func $a (result i32)))
  (import "b" "b" (func $b (result i32)))
  (import "opaque" "plus" (func $plus (param i32 i32) (result i32)))
  (func (export "run") (result i32) (call $plus (call $a) (call $b))))
;;! export run = c.run
;;! call run
