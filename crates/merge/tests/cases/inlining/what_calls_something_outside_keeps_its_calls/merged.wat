(module $fused
  (type (;0;) (func (param i32)))
  (type (;1;) (func (param i32) (result i32)))
  (import "host" "log" (func (;0;) (type 0) (param i32)))
  (global $lib::count (;0;) (mut i32) i32.const 0)
  (export "outside" (func 2))
  (export "inside" (func 3))
  (func $lib::tick (;1;) (type 1) (param i32) (result i32)
    global.get $lib::count
    local.get 0
    i32.add
    global.set $lib::count
    global.get $lib::count
  )
  (func (;2;) (type 0) (param i32)
    local.get 0
    call $lib::tick
    i32.const 5
    i32.gt_u
    if ;; label = @1
      local.get 0
      call 0
    end
  )
  (func (;3;) (type 1) (param i32) (result i32)
    (local i32)
    local.get 0
    local.set 1
    global.get $lib::count
    local.get 1
    i32.add
    global.set $lib::count
    global.get $lib::count
    i32.const 1
    i32.add
  )
)
