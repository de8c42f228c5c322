(module $before
  (type (;0;) (func (param i32)))
  (type (;1;) (func (result i32)))
  (type (;2;) (func))
  (import "host" "log" (func (;0;) (type 0) (param i32)))
  (memory (;0;) 1)
  (export "before.peek" (func 1))
  (export "before.memory" (memory 0))
  (start $start)
  (func (;1;) (type 1) (result i32)
    i32.const 0
    i32.load8_u
  )
  (func $before::start (;2;) (type 2)
    i32.const 1
    call 0
  )
  (func $start (;3;) (type 2)
    call $before::start
    i32.const 0
    i32.const 0
    i32.const 1
    memory.init 1
    data.drop 1
  )
  (data (;0;) (i32.const 0) "\0a")
  (data (;1;) "\0b")
)
(module $last
  (type (;0;) (func (param i32)))
  (type (;1;) (func (result i32)))
  (type (;2;) (func (param i32) (result i32)))
  (type (;3;) (func))
  (import "host" "log" (func (;0;) (type 0) (param i32)))
  (import "before" "before.peek" (func (;1;) (type 1) (result i32)))
  (import "opaque" "twice" (func (;2;) (type 2) (param i32) (result i32)))
  (import "before" "before.memory" (memory (;0;) 1))
  (export "run" (func 5))
  (start $start)
  (func $after::start (;3;) (type 3)
    i32.const 0
    i32.load8_u
    call 0
  )
  (func $last::start (;4;) (type 3)
    i32.const 4
    call 0
  )
  (func (;5;) (type 1) (result i32)
    call 1
    call 2
  )
  (func $start (;6;) (type 3)
    i32.const 0
    i32.const 0
    i32.const 1
    memory.init 0
    data.drop 0
    call $after::start
    call $last::start
  )
  (data (;0;) "\0c")
)
