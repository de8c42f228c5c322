(module $fused
  (type (;0;) (func (result i32 i32 i32 i32 i32)))
  (type (;1;) (func (result i64 i64 i64 i64 i64 i64 i64)))
  (type (;2;) (func (result v128 v128 v128 v128 v128 v128)))
  (type (;3;) (func (param f32 f64)))
  (type (;4;) (func (result i32 i64 i32 i64 i32 i32)))
  (type (;5;) (func (param i32) (result i32)))
  (type (;6;) (func (param i32) (result i64 i64 i64 i64)))
  (type (;7;) (func (result i32)))
  (memory $a::far (;0;) 1 3)
  (memory $a::near (;1;) 1)
  (memory $a::last (;2;) 9)
  (export "near" (memory $a::near))
  (export "peek" (func 6))
  (export "beyond_the_capacity" (func 7))
  (export "beyond_any_address" (func 8))
  (export "in_a_branch" (func 9))
  (export "loads_i32" (func 0))
  (export "loads_i64" (func 1))
  (export "loads_v128" (func 2))
  (export "stores" (func 3))
  (export "atomics" (func 4))
  (export "beyond" (func 5))
  (export "unaligned" (func 11))
  (export "wait" (func 12))
  (export "grow_last" (func 10))
  (func (;0;) (type 0) (result i32 i32 i32 i32 i32)
    i32.const 1
    i32.load offset=1 align=1
    i32.const 1
    i32.load8_s
    i32.const 1
    i32.load8_u
    i32.const 2
    i32.load16_s
    i32.const 2
    i32.load16_u
  )
  (func (;1;) (type 1) (result i64 i64 i64 i64 i64 i64 i64)
    i32.const 1
    i64.load
    i32.const 1
    i64.load8_s
    i32.const 1
    i64.load8_u
    i32.const 2
    i64.load16_s
    i32.const 2
    i64.load16_u
    i32.const 4
    i64.load32_s
    i32.const 4
    i64.load32_u
  )
  (func (;2;) (type 2) (result v128 v128 v128 v128 v128 v128)
    i32.const 3
    v128.load
    i32.const 1
    v128.load8x8_s
    i32.const 2
    v128.load16x4_u
    i32.const 4
    v128.load32_splat
    i32.const 4
    v128.load64_zero
    i32.const 5
    v128.const i32x4 0xffffffff 0xffffffff 0xffffffff 0xffffffff
    v128.load16_lane 3
  )
  (func (;3;) (type 3) (param f32 f64)
    i32.const 20
    local.get 0
    f32.store
    i32.const 24
    local.get 1
    f64.store
    i32.const 24
    i32.const 20
    f32.load
    f64.promote_f32
    i32.const 24
    f64.load
    f64.add
    f64.store offset=8
    i32.const 40
    i32.const -2
    i32.store
    i32.const 44
    i32.const 300
    i32.store8
    i32.const 46
    i32.const -3
    i32.store16
    i32.const 48
    i64.const -4
    i64.store
    i32.const 56
    i64.const 5
    i64.store8
    i32.const 58
    i64.const 600
    i64.store16
    i32.const 60
    i64.const -7
    i64.store32
    i32.const 64
    v128.const i32x4 0x00000001 0x00000000 0x00000002 0x00000000
    v128.store
    i32.const 80
    v128.const i32x4 0x06070809 0x02030405 0x02010001 0x06050403
    v128.store8_lane 1
  )
  (func (;4;) (type 4) (result i32 i64 i32 i64 i32 i32)
    i32.const 96
    i32.const 7
    i32.atomic.store
    i32.const 100
    i64.const 70
    i64.atomic.store32
    i32.const 96
    i32.const 3
    i32.atomic.rmw.add
    i32.const 100
    i64.const 71
    i64.atomic.rmw32.xchg_u
    i32.const 96
    i32.const 10
    i32.const 11
    i32.atomic.rmw8.cmpxchg_u
    i32.const 100
    i64.atomic.load8_u
    i32.const 96
    i32.atomic.load
    i32.const 96
    i32.const 1
    memory.atomic.notify
  )
  (func (;5;) (type 5) (param i32) (result i32)
    local.get 0
    i32.load offset=4
  )
  (func (;6;) (type 6) (param i32) (result i64 i64 i64 i64)
    local.get 0
    i64.load
    local.get 0
    i64.load offset=8
    local.get 0
    i64.load offset=16
    local.get 0
    i64.load offset=24
  )
  (func (;7;) (type 7) (result i32)
    i32.const 0
    i32.load offset=196605
  )
  (func (;8;) (type 7) (result i32)
    i32.const 0
    i32.load offset=4294967292
  )
  (func (;9;) (type 5) (param i32) (result i32)
    block (result i32) ;; label = @1
      i32.const 5
      local.get 0
      br_if 0 (;@1;)
      br 0 (;@1;)
      i32.store
      i32.atomic.rmw.cmpxchg
      memory.grow
    end
  )
  (func (;10;) (type 5) (param i32) (result i32)
    local.get 0
    memory.grow $a::last
  )
  (func (;11;) (type 7) (result i32)
    i32.const 1
    i32.atomic.load
  )
  (func (;12;) (type 7) (result i32)
    i32.const 96
    i32.const 0
    i64.const 0
    memory.atomic.wait32
  )
  (data (;0;) (i32.const 0) "\01\82\03\84\05\86\07\88\09\8a\0b\8c\0d\8e\0f\90")
)
