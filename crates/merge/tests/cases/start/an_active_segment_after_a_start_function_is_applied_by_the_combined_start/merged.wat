(module $fused
  (type (;0;) (func (param i32)))
  (type (;1;) (func))
  (import "host" "log" (func (;0;) (type 0) (param i32)))
  (table (;0;) 4 funcref)
  (memory (;0;) 1)
  (export "show" (func $a::show))
  (export "memory" (memory 0))
  (start $start)
  (elem (;0;) func $b::f)
  (func $a::show (;1;) (type 1)
    i32.const 0
    i32.load8_u
    call 0
  )
  (func $b::f (;2;) (type 1)
    i32.const 77
    call 0
  )
  (func $b::start (;3;) (type 1)
    call $a::show
    i32.const 2
    call_indirect (type 1)
  )
  (func $start (;4;) (type 1)
    call $a::show
    i32.const 2
    i32.const 0
    i32.const 1
    table.init 0
    elem.drop 0
    i32.const 0
    i32.const 0
    i32.const 1
    memory.init 1
    data.drop 1
    call $b::start
    i32.const 0
    i32.const 0
    i32.const 1
    memory.init 2
    data.drop 2
  )
  (data (;0;) (i32.const 0) "\01")
  (data (;1;) "\02")
  (data (;2;) "\03")
)
