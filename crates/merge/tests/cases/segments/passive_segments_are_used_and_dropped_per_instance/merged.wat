(module $fused
  (type (;0;) (func (result i32)))
  (type (;1;) (func (param i32)))
  (type (;2;) (func))
  (type (;3;) (func (param i32) (result i32)))
  (table (;0;) 3 funcref)
  (table (;1;) 3 funcref)
  (memory (;0;) 1)
  (memory (;1;) 1)
  (export "init_a" (func 1))
  (export "drop_a" (func 2))
  (export "call_a" (func 3))
  (export "memory_a" (memory 0))
  (export "init_b" (func 5))
  (export "memory_b" (memory 1))
  (elem $a::e (;0;) func $a::f $a::f)
  (elem $a::typed (;1;) funcref (ref.func $a::f) (ref.null func))
  (elem $b::e (;2;) func $b::f $b::f)
  (elem $b::typed (;3;) funcref (ref.func $b::f) (ref.null func))
  (func $a::f (;0;) (type 0) (result i32)
    i32.const 7
  )
  (func (;1;) (type 1) (param i32)
    local.get 0
    i32.const 0
    i32.const 5
    memory.init $a::d
    i32.const 0
    i32.const 0
    i32.const 2
    table.init $a::e
    i32.const 2
    i32.const 0
    i32.const 1
    table.init $a::typed
  )
  (func (;2;) (type 2)
    data.drop $a::d
    elem.drop $a::e
  )
  (func (;3;) (type 3) (param i32) (result i32)
    local.get 0
    call_indirect (type 0)
  )
  (func $b::f (;4;) (type 0) (result i32)
    i32.const 7
  )
  (func (;5;) (type 1) (param i32)
    local.get 0
    i32.const 0
    i32.const 5
    memory.init 1 $b::d
    i32.const 0
    i32.const 0
    i32.const 2
    table.init 1 $b::e
    i32.const 2
    i32.const 0
    i32.const 1
    table.init 1 $b::typed
  )
  (data $a::d (;0;) "hello")
  (data $b::d (;1;) "hello")
)
