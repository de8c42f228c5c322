(module $fused
  (type (;0;) (func (result i32 i64)))
  (import "host" "offset" (global (;0;) i32))
  (memory (;0;) 1)
  (global $b::sum (;1;) i32 i32.const 28)
  (global $b::mut (;2;) (mut i64) i64.const 4294967295)
  (export "get" (func 0))
  (export "memory" (memory 0))
  (func (;0;) (type 0) (result i32 i64)
    global.get $b::sum
    global.get $b::mut
  )
  (data (;0;) (i32.const 17) "x")
  (data (;1;) (global.get 0) "y")
  (data (;2;) (offset global.get 0 i32.const 16 i32.add) "z")
)
