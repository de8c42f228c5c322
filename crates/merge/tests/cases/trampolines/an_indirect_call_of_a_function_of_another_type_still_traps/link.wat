;;! instance a
(module
  (table (export "table") 1 funcref)
  (func $f (param i64))
  (elem (i32.const 0) func $f))
;;! instance b
(module
  (import "a" "table" (table 1 funcref))
  (func (export "run") (call_indirect (param i32) (i32.const 1) (i32.const 0))))
;;! export run = b.run
;;! call run
