(module $fused
  (type (;0;) (func (result i32)))
  (type (;1;) (func (param i32) (result i32)))
  (table $b::t (;0;) 2 2 funcref)
  (global $b::copy (;0;) funcref ref.func $a::f)
  (export "call" (func 1))
  (export "null" (func 2))
  (elem (;0;) (i32.const 0) funcref (ref.func $a::f) (ref.null func))
  (func $a::f (;0;) (type 0) (result i32)
    i32.const 11
  )
  (func (;1;) (type 1) (param i32) (result i32)
    local.get 0
    call_indirect (type 0)
  )
  (func (;2;) (type 0) (result i32)
    global.get $b::copy
    ref.is_null
  )
)
