(module $fused
  (type (;0;) (func))
  (import "host" "ping" (func (;0;) (type 0)))
  (table (;0;) 1 1 funcref)
  (export "run" (func 1))
  (start $start)
  (elem (;0;) func 0)
  (func (;1;) (type 0)
    i32.const 0
    call_indirect (type 0)
  )
  (func $start (;2;) (type 0)
    call 1
    i32.const 0
    i32.const 0
    i32.const 1
    table.init 0
    elem.drop 0
  )
)
