(module $fused
  (type (;0;) (func))
  (type (;1;) (func (result i32)))
  (table (;0;) 2 funcref)
  (table (;1;) 2 funcref)
  (memory (;0;) 1)
  (memory (;1;) 1)
  (global $a::g (;0;) (mut i32) i32.const 0)
  (global $b::g (;1;) (mut i32) i32.const 0)
  (export "a" (func $a::run))
  (export "b" (func $b::run))
  (elem (;0;) (i32.const 0) func $a::inc)
  (elem (;1;) (table 1) (i32.const 0) func $b::inc)
  (func $a::inc (;0;) (type 0)
    global.get $a::g
    i32.const 1
    i32.add
    global.set $a::g
    i32.const 0
    i32.const 0
    i32.load
    i32.const 10
    i32.add
    i32.store
  )
  (func $a::run (;1;) (type 1) (result i32)
    i32.const 0
    call_indirect (type 0)
    global.get $a::g
    i32.const 0
    i32.load
    i32.add
  )
  (func $b::inc (;2;) (type 0)
    global.get $b::g
    i32.const 1
    i32.add
    global.set $b::g
    i32.const 0
    i32.const 0
    i32.load 1
    i32.const 10
    i32.add
    i32.store 1
  )
  (func $b::run (;3;) (type 1) (result i32)
    i32.const 0
    call_indirect 1 (type 0)
    global.get $b::g
    i32.const 0
    i32.load 1
    i32.add
  )
)
