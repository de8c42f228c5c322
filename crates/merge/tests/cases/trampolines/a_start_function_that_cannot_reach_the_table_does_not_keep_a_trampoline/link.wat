;;! instance shim
(module
  (type $t (func (param i32)))
  (table (export "t") 1 funcref)
  (func (export "0") (type $t) (call_indirect (type $t) (local.get 0) (i32.const 0))))
;;! instance main
(module
  (import "shim" "0" (func $zero (param i32)))
  (global $stack (mut i32) (i32.const 0))
  (memory 1)
  (func $start (global.set $stack (i32.mul (memory.grow (i32.const 1)) (i32.const 65536))))
  (start $start)
  (func (export "run") (call $zero (global.get $stack))))
;;! instance fixup
(module
  (import "shim" "t" (table $t 1 funcref))
  (import "host" "log" (func $log (param i32)))
  (elem (i32.const 0) func $log))
;;! export run = main.run
;;! call run
