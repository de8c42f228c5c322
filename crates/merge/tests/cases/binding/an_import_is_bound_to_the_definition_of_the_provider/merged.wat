(module $fused
  (type (;0;) (func (param i32)))
  (type (;1;) (func (param i32) (result i32)))
  (import "host" "log" (func (;0;) (type 0) (param i32)))
  (memory (;0;) 1)
  (memory $b::own (;1;) 1)
  (export "run" (func $b::run))
  (func $a::f (;1;) (type 1) (param i32) (result i32)
    local.get 0
    call 0
    local.get 0
    i32.const 8
    i32.load8_u
    i32.add
  )
  (func $b::run (;2;) (type 1) (param i32) (result i32)
    i32.const 8
    i32.const 0
    i32.load8_u $b::own
    i32.store8
    local.get 0
    call $a::f
  )
  (data (;0;) (i32.const 8) "a")
  (data (;1;) (memory $b::own) (i32.const 0) "\05")
)
