(module $fused
  (type (;0;) (func))
  (type (;1;) (func (param i32)))
  (import "host" "ping" (func (;0;) (type 0)))
  (memory (;0;) 17 65535)
  (global $"a::size of memory0" (;0;) (mut i32) i32.const 65536)
  (global $"b::size of memory1" (;1;) (mut i32) i32.const 65536)
  (export "b" (func 2))
  (func (;1;) (type 1) (param i32)
    (local i32 i32)
    call 0
    i32.const 0
    local.get 0
    local.set 2
    local.tee 1
    i32.const -8
    local.get 1
    global.get $"a::size of memory0"
    i32.const 4
    i32.sub
    i32.le_u
    select
    local.get 2
    i32.store
    local.get 0
    (@metadata.code.branch_hint "\00")
    if ;; label = @1
      call 0
    end
  )
  (func (;2;) (type 1) (param i32)
    local.get 0
    i32.load offset=1048580
    drop
    block ;; label = @1
      local.get 0
      (@metadata.code.branch_hint "\01")
      br_if 0 (;@1;)
      i32.const 8
      i32.const 1
      i32.store offset=1048576
    end
    local.get 0
    call 1
    i32.const 8
    i32.load offset=1048576
    (@metadata.code.branch_hint "\00")
    if ;; label = @1
      i32.const 0
      call 1
    end
  )
)
