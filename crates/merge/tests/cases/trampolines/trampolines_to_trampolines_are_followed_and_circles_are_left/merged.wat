(module $fused
  (type (;0;) (func (param i32)))
  (import "host" "log" (func (;0;) (type 0) (param i32)))
  (table (;0;) 3 funcref)
  (table (;1;) 3 funcref)
  (export "direct" (func 0))
  (export "circle" (func 1))
  (export "unfilled" (func 2))
  (elem (;0;) (i32.const 0) func 0 3)
  (elem (;1;) (table 1) (i32.const 0) func 0 1)
  (func (;1;) (type 0) (param i32)
    local.get 0
    i32.const 1
    call_indirect (type 0)
  )
  (func (;2;) (type 0) (param i32)
    local.get 0
    i32.const 2
    call_indirect (type 0)
  )
  (func (;3;) (type 0) (param i32)
    local.get 0
    i32.const 1
    call_indirect 1 (type 0)
  )
)
