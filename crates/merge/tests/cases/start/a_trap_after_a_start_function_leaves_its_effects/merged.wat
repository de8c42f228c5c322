(module $fused
  (type (;0;) (func (param i32)))
  (type (;1;) (func))
  (import "host" "log" (func (;0;) (type 0) (param i32)))
  (memory (;0;) 1)
  (start $start)
  (func $a::start (;1;) (type 1)
    i32.const 1
    call 0
  )
  (func $c::start (;2;) (type 1)
    i32.const 1
    call 0
  )
  (func $start (;3;) (type 1)
    call $a::start
    i32.const 65535
    i32.const 0
    i32.const 2
    memory.init 1
    data.drop 1
    call $c::start
  )
  (data (;0;) (i32.const 0) "a")
  (data (;1;) "ab")
)
