(module $fused
  (type (;0;) (func (result i32)))
  (type (;1;) (func (result i32 i32 i64 i32)))
  (type (;2;) (func (result i32 i64 i32)))
  (table (;0;) 2 4 funcref)
  (table $b::own (;1;) 5 externref)
  (memory (;0;) i64 1 3)
  (memory $b::small (;1;) 1 1)
  (export "sizes" (func 1))
  (export "grow" (func 2))
  (export "copy" (func 3))
  (elem (;0;) declare func $b::f)
  (func $b::f (;0;) (type 0) (result i32)
    i32.const 4
  )
  (func (;1;) (type 1) (result i32 i32 i64 i32)
    table.size 0
    table.size $b::own
    memory.size
    memory.size $b::small
  )
  (func (;2;) (type 2) (result i32 i64 i32)
    ref.func $b::f
    i32.const 2
    table.grow 0
    i64.const 2
    memory.grow
    i32.const 1
    memory.grow $b::small
  )
  (func (;3;) (type 0) (result i32)
    i32.const 0
    i32.const 2
    i32.const 1
    table.copy
    i64.const 0
    i32.const 0
    i32.const 8
    memory.copy 0 $b::small
    i32.const 0
    call_indirect (type 0)
  )
)
