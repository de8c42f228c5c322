(module $fused
  (type (;0;) (func (result i32)))
  (table (;0;) 1 funcref)
  (global $b::h (;0;) (mut funcref) ref.func $b::g)
  (export "run" (func 2))
  (export "other" (func 3))
  (elem (;0;) declare func $a::f)
  (func $a::f (;0;) (type 0) (result i32)
    i32.const 5
  )
  (func $b::g (;1;) (type 0) (result i32)
    i32.const 6
  )
  (func (;2;) (type 0) (result i32)
    i32.const 0
    ref.func $a::f
    table.set 0
    i32.const 0
    call_indirect (type 0)
  )
  (func (;3;) (type 0) (result i32)
    ref.func $b::g
    global.set $b::h
    global.get $b::h
    ref.is_null
  )
)
