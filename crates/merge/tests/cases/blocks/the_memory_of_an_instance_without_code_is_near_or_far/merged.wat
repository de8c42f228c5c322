(module $own
  (type (;0;) (func (result i32)))
  (type (;1;) (func (result i32 i32)))
  (type (;2;) (func))
  (type (;3;) (func (param i32) (result i32)))
  (import "libc" "alloc" (func (;0;) (type 0) (result i32)))
  (import "libc" "table" (table (;0;) 2 funcref))
  (import "libc" "memory" (memory (;0;) 1))
  (import "libc" "base" (global (;0;) i32))
  (import "libc" "count" (global (;1;) (mut i32)))
  (memory $own::own (;1;) 1)
  (export "run" (func 1))
  (export "copy" (func 2))
  (export "back" (func 3))
  (export "get" (func 4))
  (export "own" (memory $own::own))
  (elem (;0;) (i32.const 1) func 0)
  (func (;1;) (type 1) (result i32 i32)
    i32.const 1
    call_indirect (type 0)
    i32.const 7
    i32.store8
    global.get 0
    i32.load8_u
    global.get 1
  )
  (func (;2;) (type 2)
    i32.const 3
    i32.const 16
    i32.const 5
    memory.copy $own::own 0
  )
  (func (;3;) (type 2)
    i32.const 40
    i32.const 3
    i32.const 5
    memory.copy 0 $own::own
  )
  (func (;4;) (type 3) (param i32) (result i32)
    local.get 0
    i32.load8_u $own::own
    local.get 0
    i32.load8_u
    i32.add
  )
  (data (;0;) (global.get 0) "user")
  (data (;1;) (i32.const 18) "OWN")
)
