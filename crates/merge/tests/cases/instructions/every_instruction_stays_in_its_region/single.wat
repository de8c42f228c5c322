(module $fused
  (type (;0;) (func (result i32 i32 i32 i32 i32)))
  (type (;1;) (func (result i64 i64 i64 i64 i64 i64 i64)))
  (type (;2;) (func (result v128 v128 v128 v128 v128 v128)))
  (type (;3;) (func (param f32 f64)))
  (type (;4;) (func (result i32 i64 i32 i64 i32 i32)))
  (type (;5;) (func (param i32) (result i32)))
  (type (;6;) (func (param i32) (result i64 i64 i64 i64)))
  (type (;7;) (func (result i32)))
  (memory (;0;) 28 65535)
  (global $"a::size of memory0" (;0;) (mut i32) i32.const 65536)
  (global $"a::size of memory1" (;1;) (mut i32) i32.const 65536)
  (global $"a::size of memory2" (;2;) (mut i32) i32.const 589824)
  (export "near" (memory 0))
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
    (local i32)
    i32.const 1
    local.tee 0
    i32.const -8
    local.get 0
    global.get $"a::size of memory1"
    i32.const 5
    i32.sub
    i32.le_u
    select
    i32.load offset=1048577 align=1
    i32.const 1
    local.tee 0
    i32.const -8
    local.get 0
    global.get $"a::size of memory1"
    i32.const 1
    i32.sub
    i32.le_u
    select
    i32.load8_s offset=1048576
    i32.const 1
    local.tee 0
    i32.const -8
    local.get 0
    global.get $"a::size of memory1"
    i32.const 1
    i32.sub
    i32.le_u
    select
    i32.load8_u offset=1048576
    i32.const 2
    local.tee 0
    i32.const -8
    local.get 0
    global.get $"a::size of memory1"
    i32.const 2
    i32.sub
    i32.le_u
    select
    i32.load16_s offset=1048576
    i32.const 2
    local.tee 0
    i32.const -8
    local.get 0
    global.get $"a::size of memory1"
    i32.const 2
    i32.sub
    i32.le_u
    select
    i32.load16_u offset=1048576
  )
  (func (;1;) (type 1) (result i64 i64 i64 i64 i64 i64 i64)
    (local i32)
    i32.const 1
    local.tee 0
    i32.const -8
    local.get 0
    global.get $"a::size of memory1"
    i32.const 8
    i32.sub
    i32.le_u
    select
    i64.load offset=1048576
    i32.const 1
    local.tee 0
    i32.const -8
    local.get 0
    global.get $"a::size of memory1"
    i32.const 1
    i32.sub
    i32.le_u
    select
    i64.load8_s offset=1048576
    i32.const 1
    local.tee 0
    i32.const -8
    local.get 0
    global.get $"a::size of memory1"
    i32.const 1
    i32.sub
    i32.le_u
    select
    i64.load8_u offset=1048576
    i32.const 2
    local.tee 0
    i32.const -8
    local.get 0
    global.get $"a::size of memory1"
    i32.const 2
    i32.sub
    i32.le_u
    select
    i64.load16_s offset=1048576
    i32.const 2
    local.tee 0
    i32.const -8
    local.get 0
    global.get $"a::size of memory1"
    i32.const 2
    i32.sub
    i32.le_u
    select
    i64.load16_u offset=1048576
    i32.const 4
    local.tee 0
    i32.const -8
    local.get 0
    global.get $"a::size of memory1"
    i32.const 4
    i32.sub
    i32.le_u
    select
    i64.load32_s offset=1048576
    i32.const 4
    local.tee 0
    i32.const -8
    local.get 0
    global.get $"a::size of memory1"
    i32.const 4
    i32.sub
    i32.le_u
    select
    i64.load32_u offset=1048576
  )
  (func (;2;) (type 2) (result v128 v128 v128 v128 v128 v128)
    (local i32 v128)
    i32.const 3
    local.tee 0
    i32.const -8
    local.get 0
    global.get $"a::size of memory1"
    i32.const 16
    i32.sub
    i32.le_u
    select
    v128.load offset=1048576
    i32.const 1
    local.tee 0
    i32.const -8
    local.get 0
    global.get $"a::size of memory1"
    i32.const 8
    i32.sub
    i32.le_u
    select
    v128.load8x8_s offset=1048576
    i32.const 2
    local.tee 0
    i32.const -8
    local.get 0
    global.get $"a::size of memory1"
    i32.const 8
    i32.sub
    i32.le_u
    select
    v128.load16x4_u offset=1048576
    i32.const 4
    local.tee 0
    i32.const -8
    local.get 0
    global.get $"a::size of memory1"
    i32.const 4
    i32.sub
    i32.le_u
    select
    v128.load32_splat offset=1048576
    i32.const 4
    local.tee 0
    i32.const -8
    local.get 0
    global.get $"a::size of memory1"
    i32.const 8
    i32.sub
    i32.le_u
    select
    v128.load64_zero offset=1048576
    i32.const 5
    v128.const i32x4 0xffffffff 0xffffffff 0xffffffff 0xffffffff
    local.set 1
    local.tee 0
    i32.const -8
    local.get 0
    global.get $"a::size of memory1"
    i32.const 2
    i32.sub
    i32.le_u
    select
    local.get 1
    v128.load16_lane offset=1048576 3
  )
  (func (;3;) (type 3) (param f32 f64)
    (local i32 i32 i64 f32 f64 v128)
    i32.const 20
    local.get 0
    local.set 5
    local.tee 2
    i32.const -8
    local.get 2
    global.get $"a::size of memory1"
    i32.const 4
    i32.sub
    i32.le_u
    select
    local.get 5
    f32.store offset=1048576
    i32.const 24
    local.get 1
    local.set 6
    local.tee 2
    i32.const -8
    local.get 2
    global.get $"a::size of memory1"
    i32.const 8
    i32.sub
    i32.le_u
    select
    local.get 6
    f64.store offset=1048576
    i32.const 24
    i32.const 20
    local.tee 2
    i32.const -8
    local.get 2
    global.get $"a::size of memory1"
    i32.const 4
    i32.sub
    i32.le_u
    select
    f32.load offset=1048576
    f64.promote_f32
    i32.const 24
    local.tee 2
    i32.const -8
    local.get 2
    global.get $"a::size of memory1"
    i32.const 8
    i32.sub
    i32.le_u
    select
    f64.load offset=1048576
    f64.add
    local.set 6
    local.tee 2
    i32.const -8
    local.get 2
    global.get $"a::size of memory1"
    i32.const 16
    i32.sub
    i32.le_u
    select
    local.get 6
    f64.store offset=1048584
    i32.const 40
    i32.const -2
    local.set 3
    local.tee 2
    i32.const -8
    local.get 2
    global.get $"a::size of memory1"
    i32.const 4
    i32.sub
    i32.le_u
    select
    local.get 3
    i32.store offset=1048576
    i32.const 44
    i32.const 300
    local.set 3
    local.tee 2
    i32.const -8
    local.get 2
    global.get $"a::size of memory1"
    i32.const 1
    i32.sub
    i32.le_u
    select
    local.get 3
    i32.store8 offset=1048576
    i32.const 46
    i32.const -3
    local.set 3
    local.tee 2
    i32.const -8
    local.get 2
    global.get $"a::size of memory1"
    i32.const 2
    i32.sub
    i32.le_u
    select
    local.get 3
    i32.store16 offset=1048576
    i32.const 48
    i64.const -4
    local.set 4
    local.tee 2
    i32.const -8
    local.get 2
    global.get $"a::size of memory1"
    i32.const 8
    i32.sub
    i32.le_u
    select
    local.get 4
    i64.store offset=1048576
    i32.const 56
    i64.const 5
    local.set 4
    local.tee 2
    i32.const -8
    local.get 2
    global.get $"a::size of memory1"
    i32.const 1
    i32.sub
    i32.le_u
    select
    local.get 4
    i64.store8 offset=1048576
    i32.const 58
    i64.const 600
    local.set 4
    local.tee 2
    i32.const -8
    local.get 2
    global.get $"a::size of memory1"
    i32.const 2
    i32.sub
    i32.le_u
    select
    local.get 4
    i64.store16 offset=1048576
    i32.const 60
    i64.const -7
    local.set 4
    local.tee 2
    i32.const -8
    local.get 2
    global.get $"a::size of memory1"
    i32.const 4
    i32.sub
    i32.le_u
    select
    local.get 4
    i64.store32 offset=1048576
    i32.const 64
    v128.const i32x4 0x00000001 0x00000000 0x00000002 0x00000000
    local.set 7
    local.tee 2
    i32.const -8
    local.get 2
    global.get $"a::size of memory1"
    i32.const 16
    i32.sub
    i32.le_u
    select
    local.get 7
    v128.store offset=1048576
    i32.const 80
    v128.const i32x4 0x06070809 0x02030405 0x02010001 0x06050403
    local.set 7
    local.tee 2
    i32.const -8
    local.get 2
    global.get $"a::size of memory1"
    i32.const 1
    i32.sub
    i32.le_u
    select
    local.get 7
    v128.store8_lane offset=1048576 1
  )
  (func (;4;) (type 4) (result i32 i64 i32 i64 i32 i32)
    (local i32 i32 i32 i64)
    i32.const 96
    i32.const 7
    local.set 1
    local.tee 0
    i32.const -8
    local.get 0
    i32.or
    local.get 0
    global.get $"a::size of memory1"
    i32.const 4
    i32.sub
    i32.le_u
    select
    local.get 1
    i32.atomic.store offset=1048576
    i32.const 100
    i64.const 70
    local.set 3
    local.tee 0
    i32.const -8
    local.get 0
    i32.or
    local.get 0
    global.get $"a::size of memory1"
    i32.const 4
    i32.sub
    i32.le_u
    select
    local.get 3
    i64.atomic.store32 offset=1048576
    i32.const 96
    i32.const 3
    local.set 1
    local.tee 0
    i32.const -8
    local.get 0
    i32.or
    local.get 0
    global.get $"a::size of memory1"
    i32.const 4
    i32.sub
    i32.le_u
    select
    local.get 1
    i32.atomic.rmw.add offset=1048576
    i32.const 100
    i64.const 71
    local.set 3
    local.tee 0
    i32.const -8
    local.get 0
    i32.or
    local.get 0
    global.get $"a::size of memory1"
    i32.const 4
    i32.sub
    i32.le_u
    select
    local.get 3
    i64.atomic.rmw32.xchg_u offset=1048576
    i32.const 96
    i32.const 10
    i32.const 11
    local.set 2
    local.set 1
    local.tee 0
    i32.const -8
    local.get 0
    i32.or
    local.get 0
    global.get $"a::size of memory1"
    i32.const 1
    i32.sub
    i32.le_u
    select
    local.get 1
    local.get 2
    i32.atomic.rmw8.cmpxchg_u offset=1048576
    i32.const 100
    local.tee 0
    i32.const -8
    local.get 0
    i32.or
    local.get 0
    global.get $"a::size of memory1"
    i32.const 1
    i32.sub
    i32.le_u
    select
    i64.atomic.load8_u offset=1048576
    i32.const 96
    local.tee 0
    i32.const -8
    local.get 0
    i32.or
    local.get 0
    global.get $"a::size of memory1"
    i32.const 4
    i32.sub
    i32.le_u
    select
    i32.atomic.load offset=1048576
    i32.const 96
    i32.const 1
    local.set 1
    local.tee 0
    i32.const -8
    local.get 0
    i32.or
    local.get 0
    global.get $"a::size of memory1"
    i32.const 4
    i32.sub
    i32.le_u
    select
    local.get 1
    memory.atomic.notify offset=1048576
  )
  (func (;5;) (type 5) (param i32) (result i32)
    (local i32)
    local.get 0
    local.tee 1
    i32.const -8
    local.get 1
    global.get $"a::size of memory1"
    i32.const 8
    i32.sub
    i32.le_u
    select
    i32.load offset=1048580
  )
  (func (;6;) (type 6) (param i32) (result i64 i64 i64 i64)
    (local i32)
    local.get 0
    local.tee 1
    i32.const -8
    local.get 1
    global.get $"a::size of memory1"
    i32.const 8
    i32.sub
    i32.le_u
    select
    i64.load offset=1048576
    local.get 0
    local.tee 1
    i32.const -8
    local.get 1
    global.get $"a::size of memory1"
    i32.const 16
    i32.sub
    i32.le_u
    select
    i64.load offset=1048584
    local.get 0
    local.tee 1
    i32.const -8
    local.get 1
    global.get $"a::size of memory1"
    i32.const 24
    i32.sub
    i32.le_u
    select
    i64.load offset=1048592
    local.get 0
    local.tee 1
    i32.const -8
    local.get 1
    global.get $"a::size of memory1"
    i32.const 32
    i32.sub
    i32.le_u
    select
    i64.load offset=1048600
  )
  (func (;7;) (type 7) (result i32)
    (local i32)
    i32.const 0
    drop
    i32.const -8
    i32.load offset=1245181
  )
  (func (;8;) (type 7) (result i32)
    (local i32)
    i32.const 0
    drop
    i32.const -8
    i32.load offset=4294967292
  )
  (func (;9;) (type 5) (param i32) (result i32)
    (local i32 i32 i32)
    block (result i32) ;; label = @1
      i32.const 5
      local.get 0
      br_if 0 (;@1;)
      br 0 (;@1;)
      local.set 2
      local.tee 1
      i32.const -8
      local.get 1
      global.get $"a::size of memory1"
      i32.const 4
      i32.sub
      i32.le_u
      select
      local.get 2
      i32.store offset=1048576
      local.set 3
      local.set 2
      local.tee 1
      i32.const -8
      local.get 1
      i32.or
      local.get 1
      global.get $"a::size of memory1"
      i32.const 4
      i32.sub
      i32.le_u
      select
      local.get 2
      local.get 3
      i32.atomic.rmw.cmpxchg offset=1048576
      local.set 1
      local.get 1
      i32.const 3
      global.get $"a::size of memory1"
      i32.const 16
      i32.shr_u
      i32.sub
      i32.gt_u
      if (result i32) ;; label = @2
        i32.const -1
      else
        global.get $"a::size of memory1"
        i32.const 16
        i32.shr_u
        global.get $"a::size of memory1"
        local.get 1
        i32.const 16
        i32.shl
        i32.add
        global.set $"a::size of memory1"
      end
    end
  )
  (func (;10;) (type 5) (param i32) (result i32)
    (local i32)
    local.get 0
    local.set 1
    local.get 1
    memory.grow
    i32.const -1
    i32.eq
    if (result i32) ;; label = @1
      i32.const -1
    else
      global.get $"a::size of memory2"
      i32.const 16
      i32.shr_u
      global.get $"a::size of memory2"
      local.get 1
      i32.const 16
      i32.shl
      i32.add
      global.set $"a::size of memory2"
    end
  )
  (func (;11;) (type 7) (result i32)
    (local i32)
    i32.const 1
    local.tee 0
    i32.const -8
    local.get 0
    i32.or
    local.get 0
    global.get $"a::size of memory1"
    i32.const 4
    i32.sub
    i32.le_u
    select
    i32.atomic.load offset=1048576
  )
  (func (;12;) (type 7) (result i32)
    (local i32 i32 i64)
    i32.const 96
    i32.const 0
    i64.const 0
    local.set 2
    local.set 1
    local.tee 0
    i32.const -8
    local.get 0
    i32.or
    local.get 0
    global.get $"a::size of memory1"
    i32.const 4
    i32.sub
    i32.le_u
    select
    local.get 1
    local.get 2
    memory.atomic.wait32 offset=1048576
  )
  (data (;0;) (i32.const 1048576) "\01\82\03\84\05\86\07\88\09\8a\0b\8c\0d\8e\0f\90")
)
