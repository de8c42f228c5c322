(module $fused
  (type (;0;) (func (result i32)))
  (memory $twice::own (;0;) 1)
  (memory (;1;) 1)
  (memory $again::own (;2;) 1)
  (export "sum" (func 1))
  (export "same" (func 2))
  (export "once" (memory 1))
  (export "twice" (memory $twice::own))
  (func (;0;) (type 0) (result i32)
    i32.const 0
    i32.load8_u 1
  )
  (func (;1;) (type 0) (result i32)
    call 0
    i32.const 0
    i32.load8_u
    i32.const 1
    i32.load8_u
    i32.add
    i32.add
  )
  (func (;2;) (type 0) (result i32)
    call 0
    i32.const 0
    i32.load8_u $again::own
    i32.const 1
    i32.load8_u $again::own
    i32.add
    i32.add
  )
  (data (;0;) (memory 1) (i32.const 0) "\01\02")
  (data (;1;) (i32.const 0) "\03\04")
  (data (;2;) (memory $again::own) (i32.const 0) "\03\04")
)
