(module $fused
  (type (;0;) (func (param i32 i32)))
  (type (;1;) (sub (func (param i32 i32))))
  (type (;2;) (sub 1 (func (param i32 i32))))
  (import "host" "log" (func (;0;) (type 0) (param i32 i32)))
  (export "swapped" (func $lib::swapped))
  (export "twice" (func $lib::twice))
  (export "constant" (func $lib::constant))
  (export "then" (func $lib::then))
  (export "above" (func $lib::above))
  (export "self" (func $lib::self))
  (func $lib::swapped (;1;) (type 1) (param i32 i32)
    local.get 1
    local.get 0
    call 0
  )
  (func $lib::twice (;2;) (type 1) (param i32 i32)
    local.get 0
    local.get 0
    call 0
  )
  (func $lib::constant (;3;) (type 1) (param i32 i32)
    local.get 0
    i32.const 7
    call 0
  )
  (func $lib::then (;4;) (type 1) (param i32 i32)
    local.get 0
    local.get 1
    call 0
    local.get 0
    local.get 1
    call 0
  )
  (func $lib::below (;5;) (type 2) (param i32 i32)
    local.get 0
    local.get 1
    call 0
  )
  (func $lib::above (;6;) (type 1) (param i32 i32)
    local.get 0
    local.get 1
    call $lib::below
  )
  (func $lib::self (;7;) (type 1) (param i32 i32)
    local.get 0
    local.get 1
    call $lib::mutual
  )
  (func $lib::mutual (;8;) (type 1) (param i32 i32)
    local.get 0
    local.get 1
    call $lib::self
  )
)
