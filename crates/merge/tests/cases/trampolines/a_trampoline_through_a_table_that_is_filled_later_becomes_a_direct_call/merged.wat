(module $fused
  (type (;0;) (func))
  (type (;1;) (func (result i32)))
  (type (;2;) (func (param i32 i32) (result i32)))
  (import "host" "ping" (func (;0;) (type 0)))
  (export "run" (func $main::run))
  (func $main::run (;1;) (type 1) (result i32)
    call 0
    i32.const 1
    i32.const 2
    call $main::impl
  )
  (func $main::impl (;2;) (type 2) (param i32 i32) (result i32)
    local.get 0
    local.get 1
    i32.sub
  )
)
