(module $fused
  (type (;0;) (func))
  (import "host" "ping" (func (;0;) (type 0)))
  (table (;0;) 2 funcref)
  (memory (;0;) 1)
  (export "nothing" (func 2))
  (export "something" (func 3))
  (export "drop" (func 4))
  (start 0)
  (elem $b::e (;0;) (i32.const 0) func $b::f)
  (func $b::f (;1;) (type 0))
  (func (;2;) (type 0)
    i32.const 0
    i32.const 0
    i32.const 0
    memory.init $b::d
  )
  (func (;3;) (type 0)
    i32.const 0
    i32.const 0
    i32.const 1
    memory.init $b::d
  )
  (func (;4;) (type 0)
    data.drop $b::d
    elem.drop $b::e
  )
  (data $b::d (;0;) (i32.const 0) "abc")
)
