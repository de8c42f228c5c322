(module $fused
  (type (;0;) (func (param i32)))
  (type (;1;) (func))
  (type (;2;) (func (result i32)))
  (import "host" "log" (func (;0;) (type 0) (param i32)))
  (import "host" "place" (global (;0;) i32))
  (table $b::table (;0;) 1 funcref)
  (memory (;0;) 1)
  (memory $b::own (;1;) 1)
  (memory (;2;) 1)
  (export "run" (func 3))
  (export "b" (memory $b::own))
  (export "c" (memory 2))
  (start $start)
  (elem (;0;) (i32.const 0) func $b::one)
  (func $a::start (;1;) (type 1)
    i32.const 0
    i32.load8_u
    call 0
  )
  (func $b::one (;2;) (type 2) (result i32)
    i32.const 1
  )
  (func (;3;) (type 1)
    i32.const 0
    call_indirect (type 2)
    call 0
    i32.const 1
    i32.load8_u $b::own
    call 0
    i32.const 0
    i32.load8_u
    call 0
  )
  (func $start (;4;) (type 1)
    call $a::start
    i32.const 0
    i32.const 0
    i32.const 1
    memory.init 1
    data.drop 1
    global.get 0
    i32.const 0
    i32.const 6
    memory.init 2 3
    data.drop 3
    i32.const 1002
    i32.const 0
    i32.const 5
    memory.init 2 4
    data.drop 4
  )
  (data (;0;) (memory $b::own) (i32.const 0) "\05\06")
  (data (;1;) "\07")
  (data (;2;) (memory 2) (i32.const 1000) "first")
  (data (;3;) "second")
  (data (;4;) "third")
)
