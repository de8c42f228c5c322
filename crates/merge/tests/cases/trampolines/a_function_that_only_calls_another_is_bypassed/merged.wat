(module $fused
  (type (;0;) (func (param i32)))
  (type (;1;) (func (param i32) (result i32)))
  (import "host" "log" (func (;0;) (type 0) (param i32)))
  (table (;0;) 1 1 funcref)
  (global $lib::top (;0;) (mut i32) i32.const 8)
  (export "run" (func 4))
  (export "malloc" (func $lib::dlmalloc))
  (elem (;0;) (i32.const 0) func $app::print)
  (func $lib::dlmalloc (;1;) (type 1) (param i32) (result i32)
    global.get $lib::top
    global.get $lib::top
    local.get 0
    i32.add
    global.set $lib::top
  )
  (func $lib::dlfree (;2;) (type 0) (param i32)
    local.get 0
    global.set $lib::top
  )
  (func $app::print (;3;) (type 0) (param i32)
    local.get 0
    call 0
  )
  (func (;4;) (type 0) (param i32)
    (local i32)
    local.get 0
    call $lib::dlmalloc
    local.set 1
    local.get 0
    call $lib::dlmalloc
    i32.const 0
    call_indirect (type 0)
    local.get 1
    call $lib::dlfree
    local.get 0
    call $lib::dlmalloc
    call $app::print
  )
)
