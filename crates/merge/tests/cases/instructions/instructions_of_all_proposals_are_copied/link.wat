;;! instance a
(module
  (memory 1)
  (memory (export "shared") 1 2 shared)
  (memory $bytes (export "bytes") 10 20 (pagesize 1))
  (global (export "v") v128 (v128.const i64x2 1 2))
  (table 1 funcref))
;;! instance b
(module
  (import "a" "shared" (memory $m 1 2 shared))
  (import "a" "bytes" (memory $bytes 10 (pagesize 1)))
  (import "a" "v" (global $v v128))
  (type $i (func (result i32)))
  (func $seven (export "seven") (result i32) (i32.const 7))
  (func (export "simd") (result i64)
    (i64x2.extract_lane 1 (i8x16.relaxed_swizzle (global.get $v) (v128.load $m (i32.const 0)))))
  (func (export "atomic") (result i32)
    (drop (i32.atomic.rmw.add $m offset=4 (i32.const 0) (i32.const 3)))
    (i32.atomic.load $m offset=4 (i32.const 0)))
  (func (export "tail") (result i32) (nop) (return_call $seven))
  (func (export "typed") (result i32) (call_ref $i (ref.func $seven)))
  (func (export "grow") (result i32) (drop (memory.grow $bytes (i32.const 3))) (memory.size $bytes))
  (func (export "switch") (param i32) (result i32)
    (block (block (block (br_table 0 1 2 (local.get 0))) (return (i32.const 10))) (return (i32.const 20)))
    (i32.const 30))
  (func (export "multi") (result i32 i64)
    (block (result i32 i64) (i32.const 1) (i64.const 2)))
  (func (export "bulk")
    (memory.copy $m $bytes (i32.const 8) (i32.const 0) (i32.const 10))
    (memory.fill $bytes (i32.const 0) (i32.const 1) (i32.const 10)))
  (func (export "select") (param i32) (result i32)
    (ref.is_null (select (result funcref) (ref.null func) (ref.func $seven) (local.get 0)))))
;;! export simd = b.simd
;;! export atomic = b.atomic
;;! export tail = b.tail
;;! export typed = b.typed
;;! export grow = b.grow
;;! export switch = b.switch
;;! export multi = b.multi
;;! export bulk = b.bulk
;;! export select = b.select
;;! export bytes = a.bytes
;;! call simd
;;! call atomic
;;! call tail
;;! call typed
;;! call grow
;;! call switch 1
;;! call switch 7
;;! call multi
;;! call bulk
;;! call select 1
;;! call select 0
;;! dump bytes
