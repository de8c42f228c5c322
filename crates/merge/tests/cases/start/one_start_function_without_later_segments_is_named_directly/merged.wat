(module $fused
  (type (;0;) (func))
  (memory (;0;) 1)
  (export "memory" (memory 0))
  (start $b::start)
  (func $b::start (;0;) (type 0)
    i32.const 2
    i32.const 1
    i32.load8_u
    i32.store8
  )
  (data (;0;) (i32.const 0) "x")
  (data (;1;) (i32.const 1) "y")
)
