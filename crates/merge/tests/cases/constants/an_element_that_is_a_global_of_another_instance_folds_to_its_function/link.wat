;;! instance a
(module
  (func $f (result i32) (i32.const 11))
  (global (export "g") (ref func) (ref.func $f))
  (global (export "null") funcref (ref.null func)))
;;! instance b
(module
  (import "a" "g" (global $g (ref func)))
  (import "a" "null" (global $null funcref))
  (table $t 2 2 (ref null func))
  (elem (table $t) (i32.const 0) funcref (global.get $g) (global.get $null))
  (global $copy funcref (global.get $g))
  (func (export "call") (param i32) (result i32) (call_indirect $t (result i32) (local.get 0)))
  (func (export "null") (result i32) (ref.is_null (global.get $copy))))
;;! export call = b.call
;;! export null = b.null
;;! call call 0
;;! call call 1
;;! call null
