(module $a
  (type (;0;) (func (param i32 i32) (result i32)))
  (type (;1;) (func (result i32)))
  (import "opaque" "plus" (func (;0;) (type 0) (param i32 i32) (result i32)))
  (memory (;0;) 1)
  (memory (;1;) 1)
  (export "run" (func 3))
  (func (;1;) (type 1) (result i32)
    i32.const 0
    i32.load8_u
  )
  (func (;2;) (type 1) (result i32)
    i32.const 0
    i32.load8_u 1
  )
  (func (;3;) (type 1) (result i32)
    call 1
    call 2
    call 0
  )
  (data (;0;) (i32.const 0) "\05")
  (data (;1;) (memory 1) (i32.const 0) "\06")
)
