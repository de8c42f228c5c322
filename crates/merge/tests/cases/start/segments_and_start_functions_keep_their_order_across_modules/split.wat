(module $second
  (type (;0;) (func (param i32)))
  (type (;1;) (func (param i32) (result i32)))
  (type (;2;) (func (result i32)))
  (type (;3;) (func))
  (type (;4;) (func (param i32 i32 i32)))
  (import "host" "log" (func (;0;) (type 0) (param i32)))
  (table (;0;) 3 funcref)
  (memory (;0;) 1)
  (export "memory" (memory 0))
  (export "base.peek" (func 1))
  (export "second.func3" (func $second::f))
  (export "second.func4" (func $second::start))
  (export "base.memory memory_init data2" (func $"memory_init data2"))
  (export "base.memory memory_init data4" (func $"memory_init data4"))
  (export "drop data2" (func $"drop data2"))
  (export "drop data4" (func $"drop data4"))
  (export "base.table" (table 0))
  (func (;1;) (type 1) (param i32) (result i32)
    local.get 0
    i32.load8_u
  )
  (func $second::f (;2;) (type 2) (result i32)
    i32.const 42
  )
  (func $second::start (;3;) (type 3)
    i32.const 0
    i32.load8_u
    call 0
  )
  (func $"memory_init data2" (;4;) (type 4) (param i32 i32 i32)
    local.get 0
    local.get 1
    local.get 2
    memory.init 1
  )
  (func $"memory_init data4" (;5;) (type 4) (param i32 i32 i32)
    local.get 0
    local.get 1
    local.get 2
    memory.init 2
  )
  (func $"drop data2" (;6;) (type 3)
    data.drop 1
  )
  (func $"drop data4" (;7;) (type 3)
    data.drop 2
  )
  (data (;0;) (i32.const 0) "base")
  (data (;1;) "S")
  (data (;2;) "four")
)
(module $first
  (type (;0;) (func (param i32)))
  (type (;1;) (func (param i32) (result i32)))
  (type (;2;) (func))
  (import "host" "log" (func (;0;) (type 0) (param i32)))
  (import "second" "base.peek" (func (;1;) (type 1) (param i32) (result i32)))
  (memory (;0;) 1)
  (export "first.func2" (func $first::start))
  (func $first::start (;2;) (type 2)
    i32.const 0
    i32.load8_u
    call 0
    i32.const 0
    call 1
    call 0
  )
  (data (;0;) (i32.const 0) "\01")
)
(module $third
  (type (;0;) (func (param i32)))
  (type (;1;) (func (param i32) (result i32)))
  (type (;2;) (func))
  (type (;3;) (func (result i32)))
  (type (;4;) (func (param i32 i32 i32)))
  (import "host" "log" (func (;0;) (type 0) (param i32)))
  (import "second" "base.peek" (func (;1;) (type 1) (param i32) (result i32)))
  (import "first" "first.func2" (func (;2;) (type 2)))
  (import "second" "second.func3" (func (;3;) (type 3) (result i32)))
  (import "second" "second.func4" (func (;4;) (type 2)))
  (import "second" "base.memory memory_init data2" (func (;5;) (type 4) (param i32 i32 i32)))
  (import "second" "base.memory memory_init data4" (func (;6;) (type 4) (param i32 i32 i32)))
  (import "second" "drop data2" (func (;7;) (type 2)))
  (import "second" "drop data4" (func (;8;) (type 2)))
  (import "second" "base.table" (table (;0;) 3 funcref))
  (memory (;0;) 1)
  (export "run" (func 10))
  (start $start)
  (elem (;0;) func 3)
  (func $third::start (;9;) (type 2)
    i32.const 0
    call 1
    call 0
    i32.const 1
    call_indirect (type 3)
    call 0
    i32.const 4
    i32.load8_u
    call 0
  )
  (func (;10;) (type 3) (result i32)
    i32.const 5
    i32.load8_u
  )
  (func $start (;11;) (type 2)
    call 2
    i32.const 1
    i32.const 0
    i32.const 1
    table.init 0
    elem.drop 0
    i32.const 0
    i32.const 0
    i32.const 1
    call 5
    call 7
    call 4
    call $third::start
    i32.const 1
    i32.const 0
    i32.const 4
    call 6
    call 8
  )
  (data (;0;) (i32.const 4) "third")
)
