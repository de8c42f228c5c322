(module $fused
  (type (;0;) (func (param i32 i32) (result i32)))
  (type (;1;) (func (result i32)))
  (table (;0;) 2 funcref)
  (export "run" (func 3))
  (export "none" (func $lib::none))
  (elem (;0;) (i32.const 0) func $lib::add)
  (elem (;1;) declare func $lib::less)
  (func $lib::add (;0;) (type 0) (param i32 i32) (result i32)
    local.get 0
    local.get 1
    i32.add
  )
  (func $lib::less (;1;) (type 0) (param i32 i32) (result i32)
    local.get 0
    local.get 1
    i32.sub
  )
  (func $lib::none (;2;) (type 1) (result i32)
    i32.const 5
  )
  (func (;3;) (type 1) (result i32)
    (local i32 i32)
    i32.const 1
    ref.func $lib::less
    table.set 0
    i32.const 6
    i32.const 5
    i32.const 30
    i32.const 4
    i32.const 1
    call_indirect (type 0)
    i32.const 30
    i32.const 4
    i32.const 0
    call_indirect (type 0)
    i32.const 2
    i32.const 1
    local.set 1
    local.tee 0
    local.get 1
    i32.sub
    i32.const 1
    local.set 1
    local.tee 0
    local.get 1
    i32.add
    i32.add
    i32.add
    i32.add
    i32.add
  )
)
