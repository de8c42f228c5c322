(module $fused
  (type (;0;) (func (result i32)))
  (type (;1;) (func (result i64)))
  (type (;2;) (func (param i32) (result i32)))
  (type (;3;) (func (result i32 i64)))
  (type (;4;) (func))
  (memory (;0;) 1 2 shared)
  (memory $a::bytes (;1;) 10 20 (pagesize 0x1))
  (global (;0;) v128 v128.const i32x4 0x00000001 0x00000000 0x00000002 0x00000000)
  (export "simd" (func 1))
  (export "atomic" (func 2))
  (export "tail" (func 3))
  (export "typed" (func 4))
  (export "grow" (func 5))
  (export "switch" (func 6))
  (export "multi" (func 7))
  (export "bulk" (func 8))
  (export "select" (func 9))
  (export "bytes" (memory $a::bytes))
  (elem (;0;) declare func $b::seven)
  (func $b::seven (;0;) (type 0) (result i32)
    i32.const 7
  )
  (func (;1;) (type 1) (result i64)
    global.get 0
    i32.const 0
    v128.load
    i8x16.relaxed_swizzle
    i64x2.extract_lane 1
  )
  (func (;2;) (type 0) (result i32)
    i32.const 0
    i32.const 3
    i32.atomic.rmw.add offset=4
    drop
    i32.const 0
    i32.atomic.load offset=4
  )
  (func (;3;) (type 0) (result i32)
    nop
    return_call $b::seven
  )
  (func (;4;) (type 0) (result i32)
    ref.func $b::seven
    call_ref 0
  )
  (func (;5;) (type 0) (result i32)
    i32.const 3
    memory.grow $a::bytes
    drop
    memory.size $a::bytes
  )
  (func (;6;) (type 2) (param i32) (result i32)
    block ;; label = @1
      block ;; label = @2
        block ;; label = @3
          local.get 0
          br_table 0 (;@3;) 1 (;@2;) 2 (;@1;)
        end
        i32.const 10
        return
      end
      i32.const 20
      return
    end
    i32.const 30
  )
  (func (;7;) (type 3) (result i32 i64)
    block (type 3) (result i32 i64) ;; label = @1
      i32.const 1
      i64.const 2
    end
  )
  (func (;8;) (type 4)
    i32.const 8
    i32.const 0
    i32.const 10
    memory.copy 0 $a::bytes
    i32.const 0
    i32.const 1
    i32.const 10
    memory.fill $a::bytes
  )
  (func (;9;) (type 2) (param i32) (result i32)
    ref.null func
    ref.func $b::seven
    local.get 0
    select (result funcref)
    ref.is_null
  )
)
