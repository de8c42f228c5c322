(module $fused
  (type (;0;) (func (result i32)))
  (type (;1;) (func (param i32) (result i32)))
  (type (;2;) (func (param i32)))
  (table (;0;) 8 8 funcref)
  (table $second::seen (;1;) 1 funcref)
  (export "first" (func 2))
  (export "second" (func 4))
  (export "put" (func 5))
  (export "tail" (func 6))
  (export "seen" (func 7))
  (export "through" (func 8))
  (export "third" (func 11))
  (elem (;0;) (i32.const 0) func $first::one)
  (elem (;1;) (i32.const 2) func $first::two)
  (elem (;2;) (i32.const 4) func $second::own)
  (elem (;3;) (table $second::seen) (i32.const 0) func $second::own)
  (elem (;4;) (i32.const 5) func $third::one)
  (elem (;5;) (i32.const 7) func $third::two)
  (func $first::one (;0;) (type 0) (result i32)
    i32.const 11
  )
  (func $first::two (;1;) (type 0) (result i32)
    i32.const 12
  )
  (func (;2;) (type 1) (param i32) (result i32)
    (local i32)
    local.get 0
    local.tee 1
    i32.const -1
    local.get 1
    i32.const 3
    i32.lt_u
    select
    call_indirect (type 0)
  )
  (func $second::own (;3;) (type 0) (result i32)
    i32.const 21
  )
  (func (;4;) (type 1) (param i32) (result i32)
    (local i32)
    local.get 0
    local.tee 1
    i32.const 3
    i32.add
    i32.const -1
    local.get 1
    i32.const 2
    i32.lt_u
    select
    call_indirect (type 0)
  )
  (func (;5;) (type 2) (param i32)
    (local i32)
    i32.const 7
    local.get 0
    local.tee 1
    i32.const 3
    i32.add
    i32.const -1
    local.get 1
    i32.const 2
    i32.lt_u
    select
    call_indirect (type 2)
  )
  (func (;6;) (type 1) (param i32) (result i32)
    (local i32)
    local.get 0
    local.tee 1
    i32.const 3
    i32.add
    i32.const -1
    local.get 1
    i32.const 2
    i32.lt_u
    select
    return_call_indirect (type 0)
  )
  (func (;7;) (type 1) (param i32) (result i32)
    local.get 0
    table.get $second::seen
    ref.is_null
  )
  (func (;8;) (type 1) (param i32) (result i32)
    local.get 0
    call_indirect $second::seen (type 0)
  )
  (func $third::one (;9;) (type 0) (result i32)
    i32.const 11
  )
  (func $third::two (;10;) (type 0) (result i32)
    i32.const 12
  )
  (func (;11;) (type 1) (param i32) (result i32)
    local.get 0
    i32.const 5
    i32.add
    call_indirect (type 0)
  )
)
