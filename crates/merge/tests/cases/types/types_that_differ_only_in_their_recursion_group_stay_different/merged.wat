(module $fused
  (type (;0;) (func (result anyref)))
  (type (;1;) (func (result i32)))
  (rec
    (type (;2;) (struct (field i32)))
    (type (;3;) (struct (field i64)))
  )
  (type (;4;) (struct (field i32)))
  (export "is" (func 1))
  (func (;0;) (type 0) (result anyref)
    i32.const 1
    struct.new 2
  )
  (func (;1;) (type 1) (result i32)
    call 0
    ref.test (ref 4)
  )
)
