(module $fused
  (type (;0;) (func (param i32)))
  (import "host" "log" (func (;0;) (type 0) (param i32)))
  (global $lib::count (;0;) (mut i32) i32.const 0)
  (export "run" (func 3))
  (func $lib::loop (;1;) (type 0) (param i32)
    (local i32)
    loop ;; label = @1
      local.get 0
      local.set 1
      global.get $lib::count
      local.get 1
      i32.add
      global.set $lib::count
      local.get 0
      i32.const 1
      i32.sub
      local.tee 0
      br_if 0 (;@1;)
    end
  )
  (func (;2;) (type 0) (param i32)
    local.get 0
    if ;; label = @1
      local.get 0
      call 0
    end
  )
  (func (;3;) (type 0) (param i32)
    (local i32 i32)
    local.get 0
    call $lib::loop
    local.get 0
    call 2
    local.get 0
    local.set 1
    loop ;; label = @1
      local.get 1
      i32.const 1
      i32.sub
      local.tee 1
      br_if 0 (;@1;)
    end
    local.get 1
    local.set 2
    global.get $lib::count
    local.get 2
    i32.add
    global.set $lib::count
    local.get 0
    call $lib::loop
    local.get 0
    local.tee 1
    if ;; label = @1
      local.get 1
      call $lib::loop
    end
  )
)
