(module $fused
  (type (;0;) (func (result i32 i32 i32)))
  (type (;1;) (func))
  (type (;2;) (func (param i32) (result i32)))
  (type (;3;) (func (param i32) (result i64 i64 i64 i64)))
  (type (;4;) (func (param i32 i32)))
  (type (;5;) (func (param i32 i32 i32)))
  (memory (;0;) 28 65535)
  (global $"a::size of memory0" (;0;) (mut i32) i32.const 65536)
  (global $"a::size of memory1" (;1;) (mut i32) i32.const 65536)
  (global $"a::size of memory2" (;2;) (mut i32) i32.const 589824)
  (export "near" (memory 0))
  (export "peek" (func 5))
  (export "fill" (func 6))
  (export "copy_out" (func 7))
  (export "copy_in" (func 8))
  (export "grow_last" (func 9))
  (export "bulk" (func 0))
  (export "init_again" (func 1))
  (export "drop" (func 2))
  (export "init_near" (func 3))
  (export "beyond" (func 4))
  (func (;0;) (type 0) (result i32 i32 i32)
    (local i32 i32 i32)
    i32.const 112
    i32.const 1
    i32.const 3
    local.set 2
    local.set 1
    local.set 0
    local.get 0
    i32.const 1048576
    i32.add
    i32.const -8
    local.get 0
    i64.extend_i32_u
    local.get 2
    i64.extend_i32_u
    i64.add
    global.get $"a::size of memory1"
    i64.extend_i32_u
    i64.le_u
    select
    local.get 1
    local.get 2
    memory.fill
    i32.const 114
    i32.const 112
    i32.const 3
    local.set 2
    local.set 1
    local.set 0
    local.get 0
    i32.const 1048576
    i32.add
    i32.const -8
    local.get 0
    i64.extend_i32_u
    local.get 2
    i64.extend_i32_u
    i64.add
    global.get $"a::size of memory1"
    i64.extend_i32_u
    i64.le_u
    select
    local.get 1
    i32.const 1048576
    i32.add
    i32.const -8
    local.get 1
    i64.extend_i32_u
    local.get 2
    i64.extend_i32_u
    i64.add
    global.get $"a::size of memory1"
    i64.extend_i32_u
    i64.le_u
    select
    local.get 2
    memory.copy
    i32.const 120
    i32.const 2
    i32.const 4
    local.set 2
    local.set 1
    local.set 0
    local.get 0
    i32.const 1048576
    i32.add
    i32.const -8
    local.get 0
    i64.extend_i32_u
    local.get 2
    i64.extend_i32_u
    i64.add
    global.get $"a::size of memory1"
    i64.extend_i32_u
    i64.le_u
    select
    local.get 1
    local.get 2
    memory.init $a::d
    i32.const 4
    i32.const 0
    i32.const 3
    local.set 2
    local.set 1
    local.set 0
    local.get 0
    i32.const -8
    local.get 0
    i64.extend_i32_u
    local.get 2
    i64.extend_i32_u
    i64.add
    global.get $"a::size of memory0"
    i64.extend_i32_u
    i64.le_u
    select
    local.get 1
    local.get 2
    memory.init $a::d
    global.get $"a::size of memory1"
    i32.const 16
    i32.shr_u
    i32.const 1
    local.set 0
    local.get 0
    i32.const 3
    global.get $"a::size of memory1"
    i32.const 16
    i32.shr_u
    i32.sub
    i32.gt_u
    if (result i32) ;; label = @1
      i32.const -1
    else
      global.get $"a::size of memory1"
      i32.const 16
      i32.shr_u
      global.get $"a::size of memory1"
      local.get 0
      i32.const 16
      i32.shl
      i32.add
      global.set $"a::size of memory1"
    end
    i32.const 5
    local.set 0
    local.get 0
    i32.const 3
    global.get $"a::size of memory1"
    i32.const 16
    i32.shr_u
    i32.sub
    i32.gt_u
    if (result i32) ;; label = @1
      i32.const -1
    else
      global.get $"a::size of memory1"
      i32.const 16
      i32.shr_u
      global.get $"a::size of memory1"
      local.get 0
      i32.const 16
      i32.shl
      i32.add
      global.set $"a::size of memory1"
    end
  )
  (func (;1;) (type 1)
    (local i32 i32 i32)
    i32.const 130
    i32.const 0
    i32.const 2
    local.set 2
    local.set 1
    local.set 0
    local.get 0
    i32.const 1048576
    i32.add
    i32.const -8
    local.get 0
    i64.extend_i32_u
    local.get 2
    i64.extend_i32_u
    i64.add
    global.get $"a::size of memory1"
    i64.extend_i32_u
    i64.le_u
    select
    local.get 1
    local.get 2
    memory.init $a::d
  )
  (func (;2;) (type 1)
    data.drop $a::d
  )
  (func (;3;) (type 1)
    (local i32 i32 i32)
    i32.const 9
    i32.const 0
    i32.const 1
    local.set 2
    local.set 1
    local.set 0
    local.get 0
    i32.const -8
    local.get 0
    i64.extend_i32_u
    local.get 2
    i64.extend_i32_u
    i64.add
    global.get $"a::size of memory0"
    i64.extend_i32_u
    i64.le_u
    select
    local.get 1
    local.get 2
    memory.init $a::d
  )
  (func (;4;) (type 2) (param i32) (result i32)
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
  (func (;5;) (type 3) (param i32) (result i64 i64 i64 i64)
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
  (func (;6;) (type 4) (param i32 i32)
    (local i32 i32 i32)
    local.get 0
    i32.const 3
    local.get 1
    local.set 4
    local.set 3
    local.set 2
    local.get 2
    i32.const 1048576
    i32.add
    i32.const -8
    local.get 2
    i64.extend_i32_u
    local.get 4
    i64.extend_i32_u
    i64.add
    global.get $"a::size of memory1"
    i64.extend_i32_u
    i64.le_u
    select
    local.get 3
    local.get 4
    memory.fill
  )
  (func (;7;) (type 5) (param i32 i32 i32)
    (local i32 i32 i32)
    local.get 0
    local.get 1
    local.get 2
    local.set 5
    local.set 4
    local.set 3
    local.get 3
    i32.const -8
    local.get 3
    i64.extend_i32_u
    local.get 5
    i64.extend_i32_u
    i64.add
    global.get $"a::size of memory0"
    i64.extend_i32_u
    i64.le_u
    select
    local.get 4
    i32.const 1048576
    i32.add
    i32.const -8
    local.get 4
    i64.extend_i32_u
    local.get 5
    i64.extend_i32_u
    i64.add
    global.get $"a::size of memory1"
    i64.extend_i32_u
    i64.le_u
    select
    local.get 5
    memory.copy
  )
  (func (;8;) (type 5) (param i32 i32 i32)
    (local i32 i32 i32)
    local.get 0
    local.get 1
    local.get 2
    local.set 5
    local.set 4
    local.set 3
    local.get 3
    i32.const 1048576
    i32.add
    i32.const -8
    local.get 3
    i64.extend_i32_u
    local.get 5
    i64.extend_i32_u
    i64.add
    global.get $"a::size of memory1"
    i64.extend_i32_u
    i64.le_u
    select
    local.get 4
    i32.const 1245184
    i32.add
    i32.const -8
    local.get 4
    i64.extend_i32_u
    local.get 5
    i64.extend_i32_u
    i64.add
    global.get $"a::size of memory2"
    i64.extend_i32_u
    i64.le_u
    select
    local.get 5
    memory.copy
  )
  (func (;9;) (type 2) (param i32) (result i32)
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
  (data (;0;) (i32.const 1048576) "\01\82\03\84\05\86\07\88\09\8a\0b\8c\0d\8e\0f\90")
  (data $a::d (;1;) "passive bytes")
)
