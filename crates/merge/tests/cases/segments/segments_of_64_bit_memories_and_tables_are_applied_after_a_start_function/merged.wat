(module $fused
  (type (;0;) (func (param i32)))
  (type (;1;) (func))
  (type (;2;) (func (result i32)))
  (import "host" "log" (func (;0;) (type 0) (param i32)))
  (table (;0;) i64 4 funcref)
  (memory (;0;) i64 1)
  (export "run" (func 3))
  (start $start)
  (elem (;0;) func $b::f)
  (func $a::start (;1;) (type 1)
    i32.const 1
    call 0
  )
  (func $b::f (;2;) (type 2) (result i32)
    i64.const 65534
    i32.load16_u
  )
  (func (;3;) (type 2) (result i32)
    i64.const 3
    call_indirect (type 2)
  )
  (func $start (;4;) (type 1)
    call $a::start
    i64.const 3
    i32.const 0
    i32.const 1
    table.init 0
    elem.drop 0
    i64.const 65534
    i32.const 0
    i32.const 2
    memory.init 0
    data.drop 0
  )
  (data (;0;) "ab")
)
