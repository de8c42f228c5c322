(module $fused
  (type (;0;) (func (param i32) (result i32)))
  (type (;1;) (func (param i32 i64)))
  (type (;2;) (func))
  (type (;3;) (func (param i32)))
  (type (;4;) (func (result i32)))
  (memory (;0;) 1 3)
  (memory $checked::mine (;1;) 2)
  (export "load" (func 0))
  (export "store" (func 1))
  (export "init" (func 2))
  (export "fill" (func 3))
  (export "copy" (func 4))
  (export "far" (func 5))
  (export "size" (func 6))
  (export "grow" (func 7))
  (export "checked_load" (func 8))
  (export "checked_store" (func 9))
  (export "checked_other" (func 10))
  (func (;0;) (type 0) (param i32) (result i32)
    local.get 0
    i32.load offset=4
  )
  (func (;1;) (type 1) (param i32 i64)
    local.get 0
    local.get 1
    i64.store offset=8
  )
  (func (;2;) (type 2)
    i32.const 32
    i32.const 0
    i32.const 7
    memory.init $trusted::passive
  )
  (func (;3;) (type 3) (param i32)
    local.get 0
    i32.const 5
    i32.const 3
    memory.fill
  )
  (func (;4;) (type 2)
    i32.const 48
    i32.const 32
    i32.const 7
    memory.copy
  )
  (func (;5;) (type 4) (result i32)
    i32.const 8
    i32.load offset=4294901760
  )
  (func (;6;) (type 4) (result i32)
    memory.size
  )
  (func (;7;) (type 0) (param i32) (result i32)
    local.get 0
    memory.grow
  )
  (func (;8;) (type 0) (param i32) (result i32)
    local.get 0
    i32.load offset=4
  )
  (func (;9;) (type 3) (param i32)
    local.get 0
    i32.const 7
    i32.store $checked::mine
  )
  (func (;10;) (type 0) (param i32) (result i32)
    local.get 0
    i32.load $checked::mine
  )
  (data $trusted::passive (;0;) "passive")
  (data (;1;) (i32.const 8) "active")
)
