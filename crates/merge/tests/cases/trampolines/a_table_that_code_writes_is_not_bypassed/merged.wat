(module $fused
  (type (;0;) (func (param i32)))
  (type (;1;) (func))
  (import "host" "log" (func (;0;) (type 0) (param i32)))
  (table (;0;) 1 funcref)
  (export "clear" (func 2))
  (export "run" (func 3))
  (elem (;0;) (i32.const 0) func 0)
  (func (;1;) (type 0) (param i32)
    local.get 0
    i32.const 0
    call_indirect (type 0)
  )
  (func (;2;) (type 1)
    i32.const 0
    ref.null func
    table.set 0
  )
  (func (;3;) (type 1)
    i32.const 3
    call 1
  )
)
