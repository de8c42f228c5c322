;;! instance a
(module
  (memory $near (export "near") 1)
  (memory $far (export "far") 1 3)
  (memory $last 9)
  (data (memory $far) (i32.const 0) "\01\82\03\84\05\86\07\88\09\8a\0b\8c\0d\8e\0f\90")
  (data $d "passive bytes")
  (func (export "bulk") (result i32 i32 i32)
    (memory.fill $far (i32.const 112) (i32.const 1) (i32.const 3))
    (memory.copy $far $far (i32.const 114) (i32.const 112) (i32.const 3))
    (memory.init $far $d (i32.const 120) (i32.const 2) (i32.const 4))
    (memory.init $near $d (i32.const 4) (i32.const 0) (i32.const 3))
    (memory.size $far)
    (memory.grow $far (i32.const 1))
    (memory.grow $far (i32.const 5)))
  (func (export "init_again") (memory.init $far $d (i32.const 130) (i32.const 0) (i32.const 2)))
  (func (export "drop") (data.drop $d))
  (func (export "init_near") (memory.init $near $d (i32.const 9) (i32.const 0) (i32.const 1)))
  (func (export "beyond") (param i32) (result i32) (i32.load $far offset=4 (local.get 0)))
  (func (export "peek") (param i32) (result i64 i64 i64 i64)
    (i64.load $far (local.get 0)) (i64.load $far offset=8 (local.get 0))
    (i64.load $far offset=16 (local.get 0)) (i64.load $far offset=24 (local.get 0)))
  (func (export "fill") (param i32 i32) (memory.fill $far (local.get 0) (i32.const 3) (local.get 1)))
  (func (export "copy_out") (param i32 i32 i32)
    (memory.copy $near $far (local.get 0) (local.get 1) (local.get 2)))
  (func (export "copy_in") (param i32 i32 i32)
    (memory.copy $far $last (local.get 0) (local.get 1) (local.get 2)))
  (func (export "grow_last") (param i32) (result i32) (memory.grow $last (local.get 0))))
;;! export near = a.near
;;! export peek = a.peek
;;! export fill = a.fill
;;! export copy_out = a.copy_out
;;! export copy_in = a.copy_in
;;! export grow_last = a.grow_last
;;! export bulk = a.bulk
;;! export init_again = a.init_again
;;! export drop = a.drop
;;! export init_near = a.init_near
;;! export beyond = a.beyond
;;! call beyond 65532
;;! call bulk
;;! call beyond 65532
;;! call beyond 131068
;;! call beyond -1
;;! call init_again
;;! call drop
;;! call init_again
;;! call init_near
;;! dump near
;;! call peek 0
;;! call peek 32
;;! call peek 64
;;! call peek 96
;;! call peek 128
;;! call peek 131040
;;! call peek 131041
;;! call fill 131071 1
;;! call fill 131072 0
;;! call fill 131072 1
;;! call fill 131073 0
;;! call fill 1 -1
;;! call peek 131040
;;! call copy_out 0 131064 8
;;! call copy_out 0 131065 8
;;! call copy_out 65529 0 8
;;! call copy_out 65528 0 8
;;! call copy_in 0 589824 0
;;! call copy_in 0 589824 1
;;! call grow_last 1
;;! call copy_in 0 589824 1
;;! call copy_in 131072 0 1
;;! call peek 0
;;! call beyond 131068
;;! call beyond -4
;;! call beyond -1
;;! dump near
