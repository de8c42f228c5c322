;;! instance shim
(module
  (type $t (func (param i32)))
  (import "host" "table" (table $outside 2 funcref))
  (table (export "t") 1 funcref)
  (func $zero (type $t) (call_indirect 1 (type $t) (local.get 0) (i32.const 0)))
  (elem (table $outside) (i32.const 0) func $zero))
;;! instance main
(module
  (import "host" "ping" (func $ping))
  (start $ping))
;;! instance fixup
(module
  (import "shim" "t" (table $t 1 funcref))
  (import "host" "log" (func $log (param i32)))
  (elem (i32.const 0) func $log))
;;! instance user
(module
  (import "host" "table" (table 2 funcref))
  (func (export "run") (call_indirect (param i32) (i32.const 5) (i32.const 0))))
;;! export run = user.run
;;! call run
