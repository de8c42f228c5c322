(module $fused
  (type (;0;) (func))
  (type (;1;) (func (param i32 i32 i32)))
  (memory $a::two (;0;) 1)
  (memory $a::one (;1;) 1)
  (memory $a::three (;2;) 1)
  (export "one" (memory $a::one))
  (export "two" (memory $a::two))
  (export "three" (memory $a::three))
  (export "fill" (func 0))
  (export "one_to_two" (func 1))
  (export "two_to_one" (func 2))
  (export "two_to_three" (func 3))
  (export "three_to_two" (func 4))
  (func (;0;) (type 0)
    (local i32)
    loop ;; label = @1
      local.get 0
      local.get 0
      i32.const 7
      i32.mul
      i32.store16
      local.get 0
      i32.const 2
      i32.add
      local.tee 0
      i32.const 300
      i32.lt_u
      br_if 0 (;@1;)
    end
  )
  (func (;1;) (type 1) (param i32 i32 i32)
    local.get 0
    local.get 1
    local.get 2
    memory.copy $a::two $a::one
  )
  (func (;2;) (type 1) (param i32 i32 i32)
    local.get 0
    local.get 1
    local.get 2
    memory.copy $a::one $a::two
  )
  (func (;3;) (type 1) (param i32 i32 i32)
    local.get 0
    local.get 1
    local.get 2
    memory.copy $a::three $a::two
  )
  (func (;4;) (type 1) (param i32 i32 i32)
    local.get 0
    local.get 1
    local.get 2
    memory.copy $a::two $a::three
  )
  (data (;0;) (memory $a::one) (i32.const 0) "the bytes of one, which are not those of the others")
  (data (;1;) (memory $a::three) (i32.const 65530) "ending")
)
