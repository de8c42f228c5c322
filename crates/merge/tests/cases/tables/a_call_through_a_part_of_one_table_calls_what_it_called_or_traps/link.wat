;;! instance first
(module
  (type $get (func (result i32)))
  (table 3 funcref)
  (elem (i32.const 0) $one)
  (elem (i32.const 2) $two)
  (func $one (result i32) (i32.const 11))
  (func $two (result i32) (i32.const 12))
  (func (export "call") (param i32) (result i32) (call_indirect (type $get) (local.get 0))))
;;! instance second
(module
  (type $get (func (result i32)))
  (type $put (func (param i32)))
  (table $near 2 5 funcref)
  (table $seen 1 funcref)
  (elem (table $near) (i32.const 1) func $own)
  (elem (table $seen) (i32.const 0) func $own)
  (func $own (result i32) (i32.const 21))
  (func (export "call") (param i32) (result i32) (call_indirect (type $get) (local.get 0)))
  (func (export "put") (param i32) (call_indirect (type $put) (i32.const 7) (local.get 0)))
  (func (export "tail") (param i32) (result i32)
    (return_call_indirect (type $get) (local.get 0)))
  (func (export "seen") (param i32) (result i32)
    (ref.is_null (table.get $seen (local.get 0))))
  (func (export "through") (param i32) (result i32)
    (call_indirect $seen (type $get) (local.get 0))))
;;! instance third = first
;;! trust third
;;! export first = first.call
;;! export second = second.call
;;! export put = second.put
;;! export tail = second.tail
;;! export seen = second.seen
;;! export through = second.through
;;! export third = third.call
;;! call first 0
;;! call first 1
;;! call first 2
;;! call first 3
;;! call first 4
;;! call first 5
;;! call first -1
;;! call second 0
;;! call second 1
;;! call second 2
;;! call second 3
;;! call second -1
;;! call second -2
;;! call second -3
;;! call put 1
;;! call put 2
;;! call tail 1
;;! call tail 0
;;! call tail 4
;;! call seen 0
;;! call seen 1
;;! call through 0
;;! call through 1
;;! call third 0
;;! call third 2
