(module $fused
  (type (;0;) (func))
  (type (;1;) (func (param i32)))
  (import "host" "table" (table (;0;) 2 funcref))
  (import "host" "ping" (func (;0;) (type 0)))
  (import "host" "log" (func (;1;) (type 1) (param i32)))
  (table (;1;) 1 funcref)
  (export "run" (func 3))
  (start $start)
  (elem (;0;) (i32.const 0) func $shim::zero)
  (elem (;1;) func 1)
  (func $shim::zero (;2;) (type 1) (param i32)
    local.get 0
    i32.const 0
    call_indirect 1 (type 1)
  )
  (func (;3;) (type 0)
    i32.const 5
    i32.const 0
    call_indirect (type 1)
  )
  (func $start (;4;) (type 0)
    call 0
    i32.const 0
    i32.const 0
    i32.const 1
    table.init 1 1
    elem.drop 1
  )
)
