;;! instance a
(module
  (memory $near (export "near") 1)
  (memory $far (export "far") 1 3)
  (memory $last 9)
  (data (memory $far) (i32.const 0) "\01\82\03\84\05\86\07\88\09\8a\0b\8c\0d\8e\0f\90")
  (func (export "loads_i32") (result i32 i32 i32 i32 i32)
    (i32.load $far offset=1 align=1 (i32.const 1))
    (i32.load8_s $far (i32.const 1)) (i32.load8_u $far (i32.const 1))
    (i32.load16_s $far (i32.const 2)) (i32.load16_u $far (i32.const 2)))
  (func (export "loads_i64") (result i64 i64 i64 i64 i64 i64 i64)
    (i64.load $far (i32.const 1))
    (i64.load8_s $far (i32.const 1)) (i64.load8_u $far (i32.const 1))
    (i64.load16_s $far (i32.const 2)) (i64.load16_u $far (i32.const 2))
    (i64.load32_s $far (i32.const 4)) (i64.load32_u $far (i32.const 4)))
  (func (export "loads_v128") (result v128 v128 v128 v128 v128 v128)
    (v128.load $far (i32.const 3)) (v128.load8x8_s $far (i32.const 1))
    (v128.load16x4_u $far (i32.const 2)) (v128.load32_splat $far (i32.const 4))
    (v128.load64_zero $far (i32.const 4))
    (v128.load16_lane $far 3 (i32.const 5) (v128.const i64x2 -1 -1)))
  (func (export "stores") (param f32 f64)
    (f32.store $far (i32.const 20) (local.get 0))
    (f64.store $far (i32.const 24) (local.get 1))
    (f64.store $far offset=8 (i32.const 24)
      (f64.add (f64.promote_f32 (f32.load $far (i32.const 20))) (f64.load $far (i32.const 24))))
    (i32.store $far (i32.const 40) (i32.const -2)) (i32.store8 $far (i32.const 44) (i32.const 300))
    (i32.store16 $far (i32.const 46) (i32.const -3)) (i64.store $far (i32.const 48) (i64.const -4))
    (i64.store8 $far (i32.const 56) (i64.const 5)) (i64.store16 $far (i32.const 58) (i64.const 600))
    (i64.store32 $far (i32.const 60) (i64.const -7))
    (v128.store $far (i32.const 64) (v128.const i64x2 1 2))
    (v128.store8_lane $far 1 (i32.const 80) (v128.const i8x16 9 8 7 6 5 4 3 2 1 0 1 2 3 4 5 6)))
  (func (export "atomics") (result i32 i64 i32 i64 i32 i32)
    (i32.atomic.store $far (i32.const 96) (i32.const 7))
    (i64.atomic.store32 $far (i32.const 100) (i64.const 70))
    (i32.atomic.rmw.add $far (i32.const 96) (i32.const 3))
    (i64.atomic.rmw32.xchg_u $far (i32.const 100) (i64.const 71))
    (i32.atomic.rmw8.cmpxchg_u $far (i32.const 96) (i32.const 10) (i32.const 11))
    (i64.atomic.load8_u $far (i32.const 100))
    (i32.atomic.load $far (i32.const 96))
    (memory.atomic.notify $far (i32.const 96) (i32.const 1)))
  (func (export "beyond") (param i32) (result i32) (i32.load $far offset=4 (local.get 0)))
  (func (export "peek") (param i32) (result i64 i64 i64 i64)
    (i64.load $far (local.get 0)) (i64.load $far offset=8 (local.get 0))
    (i64.load $far offset=16 (local.get 0)) (i64.load $far offset=24 (local.get 0)))
  (func (export "beyond_the_capacity") (result i32)
    (i32.load $far offset=0x2fffd (i32.const 0)))
  (func (export "beyond_any_address") (result i32)
    (i32.load $far offset=0xfffffffc (i32.const 0)))
  (func (export "in_a_branch") (param i32) (result i32)
    (block (result i32)
      (br_if 0 (i32.const 5) (local.get 0))
      (br 0)
      (i32.store $far)
      (i32.atomic.rmw.cmpxchg $far)
      (memory.grow $far)))
  (func (export "grow_last") (param i32) (result i32) (memory.grow $last (local.get 0)))
  (func (export "unaligned") (result i32) (i32.atomic.load $far (i32.const 1)))
  (func (export "wait") (result i32)
    (memory.atomic.wait32 $far (i32.const 96) (i32.const 0) (i64.const 0))))
;;! export near = a.near
;;! export peek = a.peek
;;! export beyond_the_capacity = a.beyond_the_capacity
;;! export beyond_any_address = a.beyond_any_address
;;! export in_a_branch = a.in_a_branch
;;! export loads_i32 = a.loads_i32
;;! export loads_i64 = a.loads_i64
;;! export loads_v128 = a.loads_v128
;;! export stores = a.stores
;;! export atomics = a.atomics
;;! export beyond = a.beyond
;;! export unaligned = a.unaligned
;;! export wait = a.wait
;;! export grow_last = a.grow_last
;;! call loads_i32
;;! call loads_i64
;;! call loads_v128
;;! call stores 1.5 2.25
;;! call atomics
;;! call beyond 65532
;;! call beyond 65532
;;! call beyond 131068
;;! call beyond -1
;;! call unaligned
;;! call wait
;;! call peek 0
;;! call peek 32
;;! call peek 64
;;! call peek 96
;;! call peek 128
;;! call beyond_the_capacity
;;! call beyond_any_address
;;! call in_a_branch 0
;;! call in_a_branch 1
;;! call peek 131040
;;! call peek 131041
;;! call peek 131040
;;! call peek 0
;;! call beyond 131068
;;! call beyond -4
;;! call beyond -1
