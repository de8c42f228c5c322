(module $fused
  (type (;0;) (func (param i32) (result i32)))
  (type (;1;) (func (result f64)))
  (export "sums" (func 0))
  (export "both" (func 1))
  (func (;0;) (type 0) (param i32) (result i32)
    (local i32 i32 i32 i32)
    loop ;; label = @1
      local.get 1
      local.get 0
      local.set 2
      i32.const 0
      local.set 3
      i32.const 2
      local.set 4
      local.get 2
      i32.const 1
      i32.and
      if ;; label = @2
        local.get 2
        local.get 4
        i32.mul
        local.set 3
      end
      local.get 3
      i32.const 100
      i32.add
      i32.add
      local.set 1
      local.get 0
      i32.const 1
      i32.sub
      local.tee 0
      br_if 0 (;@1;)
    end
    local.get 1
  )
  (func (;1;) (type 1) (result f64)
    (local i32 f64 f64)
    i32.const 1
    local.set 0
    f64.const 0x0p+0 (;=0;)
    local.set 1
    f64.const 0x0p+0 (;=0;)
    local.set 2
    local.get 0
    if ;; label = @1
      f64.const 0x1.8p+0 (;=1.5;)
      local.set 1
      f64.const 0x1p+3 (;=8;)
      local.set 2
    end
    local.get 1
    local.get 2
    f64.add
    i32.const 0
    local.set 0
    f64.const 0x0p+0 (;=0;)
    local.set 1
    f64.const 0x0p+0 (;=0;)
    local.set 2
    local.get 0
    if ;; label = @1
      f64.const 0x1.8p+0 (;=1.5;)
      local.set 1
      f64.const 0x1p+3 (;=8;)
      local.set 2
    end
    local.get 1
    local.get 2
    f64.add
    f64.add
  )
)
