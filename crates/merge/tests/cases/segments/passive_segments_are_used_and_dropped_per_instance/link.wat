;;! instance a
(module
  (memory (export "memory") 1)
  (table 3 funcref)
  (data "never used")
  (data $d "hello")
  (elem $e func $f $f)
  (elem $typed (ref null func) (ref.func $f) (ref.null func))
  (func $f (result i32) (i32.const 7))
  (func (export "init") (param i32)
    (memory.init $d (local.get 0) (i32.const 0) (i32.const 5))
    (table.init $e (i32.const 0) (i32.const 0) (i32.const 2))
    (table.init $typed (i32.const 2) (i32.const 0) (i32.const 1)))
  (func (export "drop") (data.drop $d) (elem.drop $e))
  (func (export "call") (param i32) (result i32) (call_indirect (result i32) (local.get 0))))
;;! instance b = a
;;! export init_a = a.init
;;! export drop_a = a.drop
;;! export call_a = a.call
;;! export memory_a = a.memory
;;! export init_b = b.init
;;! export memory_b = b.memory
;;! call init_a 3
;;! call call_a 1
;;! call call_a 2
;;! call drop_a
;;! call init_a 1
;;! call init_b 1
;;! dump memory_a
;;! dump memory_b
