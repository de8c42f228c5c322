;;! instance trusted
(module
  (memory (export "memory") 1 3)
  (data $passive "passive")
  (data (i32.const 8) "active")
  (func (export "load") (param i32) (result i32) (i32.load offset=4 (local.get 0)))
  (func (export "store") (param i32 i64) (i64.store offset=8 (local.get 0) (local.get 1)))
  (func (export "init") (memory.init $passive (i32.const 32) (i32.const 0) (i32.const 7)))
  (func (export "fill") (param i32) (memory.fill (local.get 0) (i32.const 5) (i32.const 3)))
  (func (export "copy") (memory.copy (i32.const 48) (i32.const 32) (i32.const 7)))
  (func (export "far") (result i32) (i32.load offset=0xffff0000 (i32.const 8)))
  (func (export "size") (result i32) (memory.size))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))
;;! trust trusted
;;! instance checked
(module
  (import "trusted" "memory" (memory $theirs 1 3))
  (memory $mine 2)
  (func (export "load") (param i32) (result i32)
    (i32.load $theirs offset=4 (local.get 0)))
  (func (export "store") (param i32) (i32.store $mine (local.get 0) (i32.const 7)))
  (func (export "other") (param i32) (result i32) (i32.load $mine (local.get 0))))
;;! export load = trusted.load
;;! export store = trusted.store
;;! export init = trusted.init
;;! export fill = trusted.fill
;;! export copy = trusted.copy
;;! export far = trusted.far
;;! export size = trusted.size
;;! export grow = trusted.grow
;;! export checked_load = checked.load
;;! export checked_store = checked.store
;;! export checked_other = checked.other
;;! call store 16 -3
;;! call load 20
;;! call load 24
;;! call load 4
;;! call checked_load 20
;;! call init
;;! call copy
;;! call load 44
;;! call fill 45
;;! call load 44
;;! call checked_store 0
;;! call grow 2
;;! call grow 1
;;! call size
;;! call store 196592 9
;;! call load 196596
;;! call checked_load 196604
;;! call checked_load 196605
;;! call checked_other 0
;;! call far
