(module $fused
  (rec
    (type (;0;) (sub (struct (field i32) (field (ref null 0)))))
    (type (;1;) (func (param (ref null 0)) (result i32)))
  )
  (type (;2;) (func (param i32) (result anyref)))
  (type (;3;) (func (param i32) (result i32)))
  (type (;4;) (sub final 0 (struct (field i32) (field (ref null 0)) (field i32))))
  (table (;0;) 2 funcref)
  (export "sum" (func 2))
  (elem (;0;) (i32.const 0) func $a::sum)
  (func $a::sum (;0;) (type 1) (param (ref null 0)) (result i32)
    local.get 0
    ref.is_null
    if (result i32) ;; label = @1
      i32.const 0
    else
      local.get 0
      struct.get 0 0
      local.get 0
      struct.get 0 1
      call $a::sum
      i32.add
    end
  )
  (func (;1;) (type 2) (param i32) (result anyref)
    local.get 0
    i32.const 2
    ref.null 0
    struct.new 0
    i32.const 3
    struct.new 4
  )
  (func (;2;) (type 3) (param i32) (result i32)
    local.get 0
    call 1
    ref.cast (ref 4)
    i32.const 0
    call_indirect (type 1)
  )
)
