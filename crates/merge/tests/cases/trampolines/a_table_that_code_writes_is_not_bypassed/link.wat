;;! instance shim
(module
  (type $t (func (param i32)))
  (table (export "t") 1 funcref)
  (func (export "0") (type $t) (call_indirect (type $t) (local.get 0) (i32.const 0))))
;;! instance fill
(module
  (import "shim" "t" (table $t 1 funcref))
  (import "shim" "0" (func $zero (param i32)))
  (import "host" "log" (func $log (param i32)))
  (elem (i32.const 0) func $log)
  (func (export "clear") (table.set $t (i32.const 0) (ref.null func)))
  (func (export "run") (call $zero (i32.const 3))))
;;! export clear = fill.clear
;;! export run = fill.run
;;! call run
;;! call clear
;;! call run
