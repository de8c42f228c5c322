(module $fused
  (type (;0;) (func (param i32 i64)))
  (type (;1;) (func (param i32 i32) (result i64)))
  (memory (;0;) 1)
  (memory (;1;) 1)
  (global $lib::count (;0;) (mut i32) i32.const 100)
  (export "put" (func 0))
  (export "swap" (func 1))
  (export "its" (memory 1))
  (export "memory" (memory 0))
  (func (;0;) (type 0) (param i32 i64)
    (local i32)
    local.get 0
    local.tee 2
    i32.const 3
    i32.shl
    local.get 1
    i64.store offset=16
    global.get $lib::count
    i32.const 1
    i32.add
    global.set $lib::count
  )
  (func (;1;) (type 1) (param i32 i32) (result i64)
    (local i64 i32 i32 i64)
    local.get 0
    local.tee 3
    local.tee 4
    i32.const 3
    i32.shl
    i64.load offset=16
    local.set 2
    local.get 0
    local.get 1
    local.tee 3
    local.tee 4
    i32.const 3
    i32.shl
    i64.load offset=16
    local.set 5
    local.tee 3
    local.tee 4
    i32.const 3
    i32.shl
    local.get 5
    i64.store offset=16
    global.get $lib::count
    i32.const 1
    i32.add
    global.set $lib::count
    local.get 1
    local.get 2
    local.set 5
    local.tee 3
    local.tee 4
    i32.const 3
    i32.shl
    local.get 5
    i64.store offset=16
    global.get $lib::count
    i32.const 1
    i32.add
    global.set $lib::count
    i32.const 8
    global.get $lib::count
    i32.store 1
    local.get 0
    local.tee 3
    local.tee 4
    i32.const 3
    i32.shl
    i64.load offset=16
    i64.const 1
    i64.add
  )
)
