(module $fused
  (type (;0;) (func (param i32)))
  (type (;1;) (func (param i32) (result i32)))
  (type (;2;) (func))
  (type (;3;) (func (param i32 i32) (result i32)))
  (import "host" "log" (func (;0;) (type 0) (param i32)))
  (memory (;0;) 1)
  (export "a" (func 1))
  (export "b" (func 5))
  (func (;1;) (type 1) (param i32) (result i32)
    i32.const 1
    call 0
    local.get 0
    call $shared::check
  )
  (func $shared::check (;2;) (type 1) (param i32) (result i32)
    local.get 0
    i32.const 9
    i32.gt_u
    if ;; label = @1
      call $shared::trap
      unreachable
    end
    local.get 0
    i32.const 7
    i32.store
    local.get 0
    i32.load
    i32.const 3
    call $shared::add
  )
  (func $shared::trap (;3;) (type 2)
    i32.const -1
    call 0
    unreachable
  )
  (func $shared::add (;4;) (type 3) (param i32 i32) (result i32)
    local.get 1
    if (result i32) ;; label = @1
      local.get 0
      i32.const 1
      i32.add
      local.get 1
      i32.const 1
      i32.sub
      call $shared::add
    else
      local.get 0
    end
  )
  (func (;5;) (type 1) (param i32) (result i32)
    i32.const 2
    call 0
    local.get 0
    call $shared::check
  )
)
