(module $fused
  (type (;0;) (func (result i32)))
  (global (;0;) (mut i32) i32.const 1)
  (export "run" (func 1))
  (export "g" (global 0))
  (func (;0;) (type 0) (result i32)
    i32.const 4
  )
  (func (;1;) (type 0) (result i32)
    global.get 0
    call 0
    i32.add
    global.set 0
    global.get 0
  )
)
