(module $fused
  (type (;0;) (func))
  (type (;1;) (func (param i32)))
  (import "host" "ping" (func (;0;) (type 0)))
  (memory (;0;) 1)
  (memory (;1;) 1)
  (export "b" (func 2))
  (func (;1;) (type 1) (param i32)
    call 0
    i32.const 0
    local.get 0
    i32.store 1
    local.get 0
    (@metadata.code.branch_hint "\00")
    if ;; label = @1
      call 0
    end
  )
  (func (;2;) (type 1) (param i32)
    local.get 0
    i32.load offset=4
    drop
    block ;; label = @1
      local.get 0
      (@metadata.code.branch_hint "\01")
      br_if 0 (;@1;)
      i32.const 8
      i32.const 1
      i32.store
    end
    local.get 0
    call 1
    i32.const 8
    i32.load
    (@metadata.code.branch_hint "\00")
    if ;; label = @1
      i32.const 0
      call 1
    end
  )
)
