;;! instance shim
(module
  (type $t (func (param i32 i32) (result i32)))
  (type $u (func))
  (table $t (export "$imports") 2 2 funcref)
  (func (export "0") (param i32 i32) (result i32)
    (call_indirect (type $t) (local.get 0) (local.get 1) (i32.const 0)))
  (func (export "1")
    (call_indirect (type $u) (i32.const 1))))
;;! instance main
(module
  (import "shim" "0" (func $zero (param i32 i32) (result i32)))
  (import "shim" "1" (func $one))
  (func $run (export "run") (result i32)
    (call $one)
    (call $zero (i32.const 1) (i32.const 2)))
  (func $impl (export "impl") (param i32 i32) (result i32)
    (i32.sub (local.get 0) (local.get 1))))
;;! instance fixup
(module
  (import "shim" "$imports" (table 2 2 funcref))
  (import "main" "impl" (func $impl (param i32 i32) (result i32)))
  (import "host" "ping" (func $ping))
  (elem (i32.const 0) func $impl $ping))
;;! export run = main.run
;;! call run
