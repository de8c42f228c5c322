(module $fused
  (type (;0;) (func))
  (type (;1;) (func (param i32)))
  (type (;2;) (func (param i32) (result i32)))
  (export "run" (func 3))
  (func $lib::wrong (;0;) (type 0)
    unreachable
  )
  (func $"lib::wrong in any case" (;1;) (type 1) (param i32)
    local.get 0
    if ;; label = @1
      call $lib::wrong
    end
    call $lib::wrong
  )
  (func $lib::down (;2;) (type 2) (param i32) (result i32)
    (local i32)
    local.get 0
    if (result i32) ;; label = @1
      local.get 0
      i32.const 1
      i32.sub
      local.tee 1
      call $lib::down
      i32.const 1
      i32.add
    else
      i32.const 1
    end
  )
  (func (;3;) (type 2) (param i32) (result i32)
    (local i32 i32)
    local.get 0
    local.tee 1
    i32.const 9
    i32.gt_u
    if ;; label = @1
      local.get 1
      call $"lib::wrong in any case"
    end
    local.get 0
    local.tee 1
    if (result i32) ;; label = @1
      local.get 1
      i32.const 1
      i32.sub
      local.tee 2
      call $lib::down
      i32.const 1
      i32.add
    else
      i32.const 1
    end
  )
)
