;;! instance shim
(module
  (type $t (func (param i32)))
  (table (export "t") 1 funcref)
  (func (export "0") (type $t) (call_indirect (type $t) (local.get 0) (i32.const 0))))
;;! instance main
(module
  (import "host" "ping" (func $ping))
  (start $ping))
;;! instance fixup
(module
  (import "shim" "t" (table $t 1 funcref))
  (import "host" "log" (func $log (param i32)))
  (elem (i32.const 0) func $log))
;;! export run = shim.0
;;! call run 2
