;;! instance lib
(module
  (memory (export "memory") 1)
  (global $count (export "count") (mut i32) (i32.const 100))
  (func $address (param $index i32) (result i32)
    (i32.shl (local.get $index) (i32.const 3)))
  (func (export "get") (param $index i32) (result i64)
    (i64.load offset=16 (call $address (local.get $index))))
  (func (export "set") (param $index i32) (param $value i64)
    (i64.store offset=16 (call $address (local.get $index)) (local.get $value))
    (global.set $count (i32.add (global.get $count) (i32.const 1)))))
;;! library lib
;;! instance user
(module
  (import "lib" "get" (func $get (param i32) (result i64)))
  (import "lib" "set" (func $set (param i32 i64)))
  (import "lib" "count" (global $count (mut i32)))
  (memory (export "memory") 1)
  (func (export "swap") (param $a i32) (param $b i32) (result i64)
    (local $kept i64)
    (local.set $kept (call $get (local.get $a)))
    (call $set (local.get $a) (call $get (local.get $b)))
    (call $set (local.get $b) (local.get $kept))
    (i32.store (i32.const 8) (global.get $count))
    (i64.add (call $get (local.get $a)) (i64.const 1)))
  (func (export "put") (param i32 i64)
    (call $set (local.get 0) (local.get 1))))
;;! inline into user
;;! export put = user.put
;;! export swap = user.swap
;;! export its = user.memory
;;! export memory = lib.memory
;;! call put 0 7
;;! call put 1 9
;;! call swap 0 1
;;! dump its
;;! dump memory
