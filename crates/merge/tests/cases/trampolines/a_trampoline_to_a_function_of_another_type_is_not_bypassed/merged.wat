(module $fused
  (type (;0;) (func (param i64)))
  (type (;1;) (func (param i32)))
  (import "host" "log64" (func (;0;) (type 0) (param i64)))
  (table (;0;) 1 funcref)
  (export "run" (func 1))
  (elem (;0;) (i32.const 0) func 0)
  (func (;1;) (type 1) (param i32)
    local.get 0
    i32.const 0
    call_indirect (type 1)
  )
)
