(module $fused
  (type (;0;) (func))
  (memory (;0;) 1)
  (export "run" (func 0))
  (func (;0;) (type 0))
  (data (;0;) (i32.const 65535) "ab")
)
