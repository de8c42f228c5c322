(module $fused
  (type (;0;) (func (param i32)))
  (type (;1;) (func))
  (import "host" "log" (func (;0;) (type 0) (param i32)))
  (memory (;0;) 1)
  (global $main::stack (;0;) (mut i32) i32.const 0)
  (export "run" (func 2))
  (start $main::start)
  (func $main::start (;1;) (type 1)
    i32.const 1
    memory.grow
    i32.const 65536
    i32.mul
    global.set $main::stack
  )
  (func (;2;) (type 1)
    global.get $main::stack
    call 0
  )
)
