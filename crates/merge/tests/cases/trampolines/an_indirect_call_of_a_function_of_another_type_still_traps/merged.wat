(module $fused
  (type (;0;) (func (param i64)))
  (type (;1;) (func))
  (type (;2;) (func (param i32)))
  (table (;0;) 1 funcref)
  (export "run" (func 1))
  (elem (;0;) (i32.const 0) func $a::f)
  (func $a::f (;0;) (type 0) (param i64))
  (func (;1;) (type 1)
    i32.const 1
    i32.const 0
    call_indirect (type 2)
  )
)
