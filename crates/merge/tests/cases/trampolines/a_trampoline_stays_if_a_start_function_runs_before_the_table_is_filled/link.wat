;;! instance shim
(module
  (type $u (func))
  (table (export "$imports") 1 1 funcref)
  (func (export "0") (call_indirect (type $u) (i32.const 0))))
;;! instance main
(module
  (import "shim" "0" (func $zero))
  (func $run (export "run") (call $zero))
  (start $run))
;;! instance fixup
(module
  (import "shim" "$imports" (table 1 1 funcref))
  (import "host" "ping" (func $ping))
  (elem (i32.const 0) func $ping))
;;! export run = main.run
;;! call run
