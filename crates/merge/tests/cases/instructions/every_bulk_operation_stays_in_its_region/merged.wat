(module $fused
  (type (;0;) (func (result i32 i32 i32)))
  (type (;1;) (func))
  (type (;2;) (func (param i32) (result i32)))
  (type (;3;) (func (param i32) (result i64 i64 i64 i64)))
  (type (;4;) (func (param i32 i32)))
  (type (;5;) (func (param i32 i32 i32)))
  (memory $a::far (;0;) 1 3)
  (memory $a::near (;1;) 1)
  (memory $a::last (;2;) 9)
  (export "near" (memory $a::near))
  (export "peek" (func 5))
  (export "fill" (func 6))
  (export "copy_out" (func 7))
  (export "copy_in" (func 8))
  (export "grow_last" (func 9))
  (export "bulk" (func 0))
  (export "init_again" (func 1))
  (export "drop" (func 2))
  (export "init_near" (func 3))
  (export "beyond" (func 4))
  (func (;0;) (type 0) (result i32 i32 i32)
    i32.const 112
    i32.const 1
    i32.const 3
    memory.fill
    i32.const 114
    i32.const 112
    i32.const 3
    memory.copy
    i32.const 120
    i32.const 2
    i32.const 4
    memory.init $a::d
    i32.const 4
    i32.const 0
    i32.const 3
    memory.init $a::near $a::d
    memory.size
    i32.const 1
    memory.grow
    i32.const 5
    memory.grow
  )
  (func (;1;) (type 1)
    i32.const 130
    i32.const 0
    i32.const 2
    memory.init $a::d
  )
  (func (;2;) (type 1)
    data.drop $a::d
  )
  (func (;3;) (type 1)
    i32.const 9
    i32.const 0
    i32.const 1
    memory.init $a::near $a::d
  )
  (func (;4;) (type 2) (param i32) (result i32)
    local.get 0
    i32.load offset=4
  )
  (func (;5;) (type 3) (param i32) (result i64 i64 i64 i64)
    local.get 0
    i64.load
    local.get 0
    i64.load offset=8
    local.get 0
    i64.load offset=16
    local.get 0
    i64.load offset=24
  )
  (func (;6;) (type 4) (param i32 i32)
    local.get 0
    i32.const 3
    local.get 1
    memory.fill
  )
  (func (;7;) (type 5) (param i32 i32 i32)
    local.get 0
    local.get 1
    local.get 2
    memory.copy $a::near $a::far
  )
  (func (;8;) (type 5) (param i32 i32 i32)
    local.get 0
    local.get 1
    local.get 2
    memory.copy $a::far $a::last
  )
  (func (;9;) (type 2) (param i32) (result i32)
    local.get 0
    memory.grow $a::last
  )
  (data (;0;) (i32.const 0) "\01\82\03\84\05\86\07\88\09\8a\0b\8c\0d\8e\0f\90")
  (data $a::d (;1;) "passive bytes")
)
