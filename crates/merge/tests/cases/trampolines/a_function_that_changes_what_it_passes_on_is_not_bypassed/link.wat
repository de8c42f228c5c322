;;! instance lib
(module
  (import "host" "log" (func $log (param i32 i32)))
  (func $swapped (export "swapped") (param i32 i32) (call $log (local.get 1) (local.get 0)))
  (func $twice (export "twice") (param i32 i32) (call $log (local.get 0) (local.get 0)))
  (func $constant (export "constant") (param i32 i32) (call $log (local.get 0) (i32.const 7)))
  (func $then (export "then") (param i32 i32)
    (call $log (local.get 0) (local.get 1))
    (call $log (local.get 0) (local.get 1)))
  (type $other (sub (func (param i32 i32))))
  (type $below (sub $other (func (param i32 i32))))
  (func $below (type $below) (call $log (local.get 0) (local.get 1)))
  (func $above (export "above") (type $other) (call $below (local.get 0) (local.get 1)))
  (func $self (export "self") (param i32 i32) (call $mutual (local.get 0) (local.get 1)))
  (func $mutual (param i32 i32) (call $self (local.get 0) (local.get 1))))
;;! export swapped = lib.swapped
;;! export twice = lib.twice
;;! export constant = lib.constant
;;! export then = lib.then
;;! export above = lib.above
;;! export self = lib.self
;;! call swapped 1 2
;;! call twice 1 2
;;! call constant 1 2
;;! call then 1 2
;;! call above 1 2
