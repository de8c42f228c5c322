;;! instance a
(module
  (func $f (export "f") (result i32) (i32.const 5)))
;;! instance b
(module
  (import "a" "f" (func $f (result i32)))
  (func $g (result i32) (i32.const 6))
  (global $h (mut funcref) (ref.func $g))
  (elem declare func $f $g)
  (table 1 funcref)
  (func (export "run") (result i32)
    (table.set (i32.const 0) (ref.func $f))
    (call_indirect (result i32) (i32.const 0)))
  (func (export "other") (result i32)
    (global.set $h (ref.func $g))
    (ref.is_null (global.get $h))))
;;! export run = b.run
;;! export other = b.other
;;! call run
;;! call other
