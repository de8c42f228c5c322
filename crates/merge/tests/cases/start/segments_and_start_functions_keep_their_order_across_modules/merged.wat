(module $fused
  (type (;0;) (func (param i32)))
  (type (;1;) (func (param i32) (result i32)))
  (type (;2;) (func))
  (type (;3;) (func (result i32)))
  (import "host" "log" (func (;0;) (type 0) (param i32)))
  (table (;0;) 3 funcref)
  (memory (;0;) 1)
  (memory (;1;) 1)
  (memory (;2;) 1)
  (export "memory" (memory 0))
  (export "run" (func 6))
  (start $start)
  (elem (;0;) func $second::f)
  (func (;1;) (type 1) (param i32) (result i32)
    local.get 0
    i32.load8_u
  )
  (func $first::start (;2;) (type 2)
    i32.const 0
    i32.load8_u 1
    call 0
    i32.const 0
    call 1
    call 0
  )
  (func $second::f (;3;) (type 3) (result i32)
    i32.const 42
  )
  (func $second::start (;4;) (type 2)
    i32.const 0
    i32.load8_u
    call 0
  )
  (func $third::start (;5;) (type 2)
    i32.const 0
    call 1
    call 0
    i32.const 1
    call_indirect (type 3)
    call 0
    i32.const 4
    i32.load8_u 2
    call 0
  )
  (func (;6;) (type 3) (result i32)
    i32.const 5
    i32.load8_u 2
  )
  (func $start (;7;) (type 2)
    call $first::start
    i32.const 1
    i32.const 0
    i32.const 1
    table.init 0
    elem.drop 0
    i32.const 0
    i32.const 0
    i32.const 1
    memory.init 2
    data.drop 2
    call $second::start
    call $third::start
    i32.const 1
    i32.const 0
    i32.const 4
    memory.init 4
    data.drop 4
  )
  (data (;0;) (i32.const 0) "base")
  (data (;1;) (memory 1) (i32.const 0) "\01")
  (data (;2;) "S")
  (data (;3;) (memory 2) (i32.const 4) "third")
  (data (;4;) "four")
)
