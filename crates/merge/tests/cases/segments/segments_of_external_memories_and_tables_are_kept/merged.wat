(module $fused
  (type (;0;) (func (result i32)))
  (type (;1;) (func (param i32) (result i32)))
  (import "host" "memory" (memory (;0;) 1))
  (import "host" "table" (table (;0;) 3 funcref))
  (export "get" (func 1))
  (export "call" (func 2))
  (elem (;0;) (i32.const 1) func $a::f)
  (func $a::f (;0;) (type 0) (result i32)
    i32.const 9
  )
  (func (;1;) (type 1) (param i32) (result i32)
    local.get 0
    i32.load8_u
  )
  (func (;2;) (type 1) (param i32) (result i32)
    local.get 0
    call_indirect (type 0)
  )
  (data (;0;) (i32.const 4) "abc")
)
