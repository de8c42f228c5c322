(module $fused
  (type (;0;) (func))
  (type (;1;) (func (param i32)))
  (import "host" "ping" (func (;0;) (type 0)))
  (import "host" "log" (func (;1;) (type 1) (param i32)))
  (table (;0;) 1 funcref)
  (export "run" (func 2))
  (start $start)
  (elem (;0;) func 1)
  (func (;2;) (type 1) (param i32)
    local.get 0
    i32.const 0
    call_indirect (type 1)
  )
  (func $start (;3;) (type 0)
    call 0
    i32.const 0
    i32.const 0
    i32.const 1
    table.init 0
    elem.drop 0
  )
)
