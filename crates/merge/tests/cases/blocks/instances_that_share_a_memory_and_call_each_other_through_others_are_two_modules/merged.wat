(module $fused
  (type (;0;) (func (param i32) (result i32)))
  (memory (;0;) 1)
  (memory (;1;) 1)
  (export "run" (func 2))
  (export "memory" (memory 0))
  (export "other" (memory 1))
  (func (;0;) (type 0) (param i32) (result i32)
    local.get 0
    i32.load8_u
  )
  (func (;1;) (type 0) (param i32) (result i32)
    local.get 0
    call 0
    i32.const 0
    i32.load8_u 1
    i32.add
  )
  (func (;2;) (type 0) (param i32) (result i32)
    i32.const 12
    i32.const 33
    i32.store8
    local.get 0
    call 1
  )
  (data (;0;) (i32.const 8) "early")
  (data (;1;) (memory 1) (i32.const 0) "\01")
  (data (;2;) (i32.const 9) "ATE")
)
