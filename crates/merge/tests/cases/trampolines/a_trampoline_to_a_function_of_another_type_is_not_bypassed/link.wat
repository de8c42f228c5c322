;;! instance shim
(module
  (type $t (func (param i32)))
  (table (export "t") 1 funcref)
  (func (export "0") (type $t) (call_indirect (type $t) (local.get 0) (i32.const 0))))
;;! instance fill
(module
  (import "shim" "t" (table $t 1 funcref))
  (import "host" "log64" (func $log (param i64)))
  (elem (i32.const 0) func $log))
;;! export run = shim.0
;;! call run 1
