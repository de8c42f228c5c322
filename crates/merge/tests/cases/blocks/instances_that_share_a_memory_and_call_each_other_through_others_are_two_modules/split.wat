(module $early
  (type (;0;) (func (param i32) (result i32)))
  (memory (;0;) 1)
  (export "memory" (memory 0))
  (export "early.get" (func 0))
  (func (;0;) (type 0) (param i32) (result i32)
    local.get 0
    i32.load8_u
  )
  (data (;0;) (i32.const 8) "early")
  (data (;1;) (i32.const 9) "ATE")
)
(module $other
  (type (;0;) (func (param i32) (result i32)))
  (import "early" "early.get" (func (;0;) (type 0) (param i32) (result i32)))
  (memory (;0;) 1)
  (export "other" (memory 0))
  (export "other.get" (func 1))
  (func (;1;) (type 0) (param i32) (result i32)
    local.get 0
    call 0
    i32.const 0
    i32.load8_u
    i32.add
  )
  (data (;0;) (i32.const 0) "\01")
)
(module $late
  (type (;0;) (func (param i32) (result i32)))
  (import "other" "other.get" (func (;0;) (type 0) (param i32) (result i32)))
  (import "early" "memory" (memory (;0;) 1))
  (export "run" (func 1))
  (func (;1;) (type 0) (param i32) (result i32)
    i32.const 12
    i32.const 33
    i32.store8
    local.get 0
    call 0
  )
)
