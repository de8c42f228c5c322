(module $fused
  (type (;0;) (func (param i32) (result i32)))
  (type (;1;) (func (param i32 i64)))
  (type (;2;) (func))
  (type (;3;) (func (param i32)))
  (type (;4;) (func (result i32)))
  (memory (;0;) 5 65535)
  (global $"trusted::size of memory0" (;0;) (mut i32) i32.const 65536)
  (global $"checked::size of memory1" (;1;) (mut i32) i32.const 131072)
  (export "load" (func 0))
  (export "store" (func 1))
  (export "init" (func 2))
  (export "fill" (func 3))
  (export "copy" (func 4))
  (export "far" (func 5))
  (export "size" (func 6))
  (export "grow" (func 7))
  (export "checked_load" (func 8))
  (export "checked_store" (func 9))
  (export "checked_other" (func 10))
  (func (;0;) (type 0) (param i32) (result i32)
    local.get 0
    i32.load offset=4
  )
  (func (;1;) (type 1) (param i32 i64)
    local.get 0
    local.get 1
    i64.store offset=8
  )
  (func (;2;) (type 2)
    (local i32 i32 i32)
    i32.const 32
    i32.const 0
    i32.const 7
    local.set 2
    local.set 1
    local.set 0
    local.get 0
    local.get 1
    local.get 2
    memory.init $trusted::passive
  )
  (func (;3;) (type 3) (param i32)
    (local i32 i32 i32)
    local.get 0
    i32.const 5
    i32.const 3
    local.set 3
    local.set 2
    local.set 1
    local.get 1
    local.get 2
    local.get 3
    memory.fill
  )
  (func (;4;) (type 2)
    (local i32 i32 i32)
    i32.const 48
    i32.const 32
    i32.const 7
    local.set 2
    local.set 1
    local.set 0
    local.get 0
    local.get 1
    local.get 2
    memory.copy
  )
  (func (;5;) (type 4) (result i32)
    (local i32)
    i32.const 8
    drop
    i32.const -8
    i32.load offset=4294901760
  )
  (func (;6;) (type 4) (result i32)
    global.get $"trusted::size of memory0"
    i32.const 16
    i32.shr_u
  )
  (func (;7;) (type 0) (param i32) (result i32)
    (local i32)
    local.get 0
    local.set 1
    local.get 1
    i32.const 3
    global.get $"trusted::size of memory0"
    i32.const 16
    i32.shr_u
    i32.sub
    i32.gt_u
    if (result i32) ;; label = @1
      i32.const -1
    else
      global.get $"trusted::size of memory0"
      i32.const 16
      i32.shr_u
      global.get $"trusted::size of memory0"
      local.get 1
      i32.const 16
      i32.shl
      i32.add
      global.set $"trusted::size of memory0"
    end
  )
  (func (;8;) (type 0) (param i32) (result i32)
    (local i32)
    local.get 0
    local.tee 1
    i32.const -8
    local.get 1
    global.get $"trusted::size of memory0"
    i32.const 8
    i32.sub
    i32.le_u
    select
    i32.load offset=4
  )
  (func (;9;) (type 3) (param i32)
    local.get 0
    i32.const 7
    i32.store offset=196608
  )
  (func (;10;) (type 0) (param i32) (result i32)
    local.get 0
    i32.load offset=196608
  )
  (data $trusted::passive (;0;) "passive")
  (data (;1;) (i32.const 8) "active")
)
