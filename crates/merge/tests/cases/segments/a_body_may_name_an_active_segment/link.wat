;;! instance a
(module
  (import "host" "ping" (func $ping))
  (start $ping))
;;! instance b
(module
  (memory 1)
  (table 2 funcref)
  (data $d (i32.const 0) "abc")
  (elem $e (i32.const 0) func $f)
  (func $f)
  (func (export "nothing") (memory.init $d (i32.const 0) (i32.const 0) (i32.const 0)))
  (func (export "something") (memory.init $d (i32.const 0) (i32.const 0) (i32.const 1)))
  (func (export "drop") (data.drop $d) (elem.drop $e)))
;;! export nothing = b.nothing
;;! export something = b.something
;;! export drop = b.drop
;;! call nothing
;;! call something
;;! call drop
