(module $fused
  (type (;0;) (func (param i32)))
  (type (;1;) (func (param i32) (result i32)))
  (type (;2;) (func))
  (import "host" "log" (func (;0;) (type 0) (param i32)))
  (global $shared::count (;0;) (mut i32) i32.const 0)
  (export "guest" (func 4))
  (export "outside" (func 3))
  (export "inside" (func 5))
  (func $shared::tick (;1;) (type 1) (param i32) (result i32)
    global.get $shared::count
    local.get 0
    i32.add
    global.set $shared::count
    global.get $shared::count
  )
  (func (;2;) (type 2))
  (func (;3;) (type 0) (param i32)
    local.get 0
    call $shared::tick
    i32.const 5
    i32.gt_u
    if ;; label = @1
      local.get 0
      call 0
    end
  )
  (func (;4;) (type 0) (param i32)
    (local i32)
    local.get 0
    local.set 1
    global.get $shared::count
    local.get 1
    i32.add
    global.set $shared::count
    global.get $shared::count
    i32.const 5
    i32.gt_u
    if ;; label = @1
      local.get 0
      call 0
    end
    call 2
  )
  (func (;5;) (type 1) (param i32) (result i32)
    (local i32)
    local.get 0
    local.set 1
    global.get $shared::count
    local.get 1
    i32.add
    global.set $shared::count
    global.get $shared::count
    i32.const 1
    i32.add
  )
)
