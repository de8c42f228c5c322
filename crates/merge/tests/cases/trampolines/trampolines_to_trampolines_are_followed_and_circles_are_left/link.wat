;;! instance shim1
(module
  (type $t (func (param i32)))
  (table (export "t") 3 funcref)
  (func (export "0") (type $t) (call_indirect (type $t) (local.get 0) (i32.const 0)))
  (func (export "1") (type $t) (call_indirect (type $t) (local.get 0) (i32.const 1)))
  (func (export "2") (type $t) (call_indirect (type $t) (local.get 0) (i32.const 2))))
;;! instance shim2 = shim1
;;! instance fill1
(module
  (import "shim1" "t" (table 3 funcref))
  (import "shim2" "0" (func $a (param i32)))
  (import "shim2" "1" (func $b (param i32)))
  (elem (i32.const 0) func $a $b))
;;! instance fill2
(module
  (import "shim2" "t" (table 3 funcref))
  (import "shim1" "1" (func $b (param i32)))
  (import "host" "log" (func $log (param i32)))
  (elem (i32.const 0) func $log $b))
;;! export direct = shim1.0
;;! export circle = shim1.1
;;! export unfilled = shim1.2
;;! call direct 4
;;! call unfilled 4
