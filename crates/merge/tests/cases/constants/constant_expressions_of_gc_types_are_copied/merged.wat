(module $fused
  (type (;0;) (func (result i32)))
  (type (;1;) (func (param i32) (result i32)))
  (type (;2;) (struct (field i32) (field i31ref)))
  (type (;3;) (array i8))
  (import "host" "offset" (global (;0;) i32))
  (table $b::t (;0;) 2 (ref null 2) ref.null 2)
  (global $a::s (;1;) (ref 2) i32.const 3 i32.const 4 ref.i31 struct.new 2)
  (global $a::x (;2;) externref global.get $a::s extern.convert_any)
  (global $a::arr (;3;) (ref 3) global.get 0 i32.const 2 array.new 3)
  (export "len" (func 0))
  (export "extern" (func 1))
  (export "get" (func 2))
  (elem (;0;) (table $b::t) (i32.const 0) (ref null 2) (global.get $a::s))
  (func (;0;) (type 0) (result i32)
    global.get $a::arr
    array.len
  )
  (func (;1;) (type 0) (result i32)
    global.get $a::x
    ref.is_null
  )
  (func (;2;) (type 1) (param i32) (result i32)
    local.get 0
    table.get $b::t
    struct.get 2 0
  )
)
