(module $"own memory"
  (type (;0;) (func (result i32)))
  (type (;1;) (func (param i32 i32 i32)))
  (type (;2;) (func (param i32 v128 v128 v128 v128 v128 v128 v128 v128)))
  (type (;3;) (func (param i32 i64)))
  (type (;4;) (func (param i32 i32)))
  (type (;5;) (func (param i32) (result v128 v128 v128 v128 v128 v128 v128 v128)))
  (type (;6;) (func (param i32) (result i64)))
  (type (;7;) (func (param i32) (result i32)))
  (memory (;0;) 1)
  (export "own" (memory 0))
  (export "own.memory memory_size" (func $memory_size))
  (export "own.memory memory_copy" (func $memory_copy))
  (export "own.memory write batch" (func $"write batch"))
  (export "own.memory i64_store" (func $i64_store))
  (export "own.memory i32_store8" (func $i32_store8))
  (export "own.memory read batch" (func $"read batch"))
  (export "own.memory i64_load" (func $i64_load))
  (export "own.memory i32_load8_u" (func $i32_load8_u))
  (func $memory_size (;0;) (type 0) (result i32)
    memory.size
  )
  (func $memory_copy (;1;) (type 1) (param i32 i32 i32)
    local.get 0
    local.get 1
    local.get 2
    memory.copy
  )
  (func $"write batch" (;2;) (type 2) (param i32 v128 v128 v128 v128 v128 v128 v128 v128)
    local.get 0
    local.get 1
    v128.store align=1
    local.get 0
    local.get 2
    v128.store offset=16 align=1
    local.get 0
    local.get 3
    v128.store offset=32 align=1
    local.get 0
    local.get 4
    v128.store offset=48 align=1
    local.get 0
    local.get 5
    v128.store offset=64 align=1
    local.get 0
    local.get 6
    v128.store offset=80 align=1
    local.get 0
    local.get 7
    v128.store offset=96 align=1
    local.get 0
    local.get 8
    v128.store offset=112 align=1
  )
  (func $i64_store (;3;) (type 3) (param i32 i64)
    local.get 0
    local.get 1
    i64.store align=1
  )
  (func $i32_store8 (;4;) (type 4) (param i32 i32)
    local.get 0
    local.get 1
    i32.store8
  )
  (func $"read batch" (;5;) (type 5) (param i32) (result v128 v128 v128 v128 v128 v128 v128 v128)
    local.get 0
    v128.load align=1
    local.get 0
    v128.load offset=16 align=1
    local.get 0
    v128.load offset=32 align=1
    local.get 0
    v128.load offset=48 align=1
    local.get 0
    v128.load offset=64 align=1
    local.get 0
    v128.load offset=80 align=1
    local.get 0
    v128.load offset=96 align=1
    local.get 0
    v128.load offset=112 align=1
  )
  (func $i64_load (;6;) (type 6) (param i32) (result i64)
    local.get 0
    i64.load align=1
  )
  (func $i32_load8_u (;7;) (type 7) (param i32) (result i32)
    local.get 0
    i32.load8_u
  )
)
(module $own
  (type (;0;) (func (result i32)))
  (type (;1;) (func (param i32 i32 i32)))
  (type (;2;) (func (param i32 v128 v128 v128 v128 v128 v128 v128 v128)))
  (type (;3;) (func (param i32 i64)))
  (type (;4;) (func (param i32 i32)))
  (type (;5;) (func (param i32) (result v128 v128 v128 v128 v128 v128 v128 v128)))
  (type (;6;) (func (param i32) (result i64)))
  (type (;7;) (func (param i32) (result i32)))
  (type (;8;) (func (result i32 i32)))
  (type (;9;) (func))
  (import "libc" "alloc" (func (;0;) (type 0) (result i32)))
  (import "own memory" "own.memory memory_size" (func (;1;) (type 0) (result i32)))
  (import "own memory" "own.memory memory_copy" (func (;2;) (type 1) (param i32 i32 i32)))
  (import "own memory" "own.memory write batch" (func (;3;) (type 2) (param i32 v128 v128 v128 v128 v128 v128 v128 v128)))
  (import "own memory" "own.memory i64_store" (func (;4;) (type 3) (param i32 i64)))
  (import "own memory" "own.memory i32_store8" (func (;5;) (type 4) (param i32 i32)))
  (import "own memory" "own.memory read batch" (func (;6;) (type 5) (param i32) (result v128 v128 v128 v128 v128 v128 v128 v128)))
  (import "own memory" "own.memory i64_load" (func (;7;) (type 6) (param i32) (result i64)))
  (import "own memory" "own.memory i32_load8_u" (func (;8;) (type 7) (param i32) (result i32)))
  (import "libc" "table" (table (;0;) 2 funcref))
  (import "libc" "memory" (memory (;0;) 1))
  (import "libc" "base" (global (;0;) i32))
  (import "libc" "count" (global (;1;) (mut i32)))
  (export "run" (func 9))
  (export "copy" (func 10))
  (export "back" (func 11))
  (export "get" (func 12))
  (elem (;0;) (i32.const 1) func 0)
  (func (;9;) (type 8) (result i32 i32)
    i32.const 1
    call_indirect (type 0)
    i32.const 7
    i32.store8
    global.get 0
    i32.load8_u
    global.get 1
  )
  (func (;10;) (type 9)
    i32.const 3
    i32.const 16
    i32.const 5
    call $memory.copy
  )
  (func (;11;) (type 9)
    i32.const 40
    i32.const 3
    i32.const 5
    call $"#func14 memory.copy"
  )
  (func (;12;) (type 7) (param i32) (result i32)
    local.get 0
    call 8
    local.get 0
    i32.load8_u
    i32.add
  )
  (func $memory.copy (;13;) (type 1) (param i32 i32 i32)
    (local i64 i64 i64)
    local.get 0
    i64.extend_i32_u
    local.set 3
    local.get 1
    i64.extend_i32_u
    local.set 4
    local.get 2
    i64.extend_i32_u
    local.set 5
    local.get 5
    memory.size
    i64.extend_i32_u
    i64.const 16
    i64.shl
    i64.gt_u
    local.get 4
    memory.size
    i64.extend_i32_u
    i64.const 16
    i64.shl
    local.get 5
    i64.sub
    i64.gt_u
    i32.or
    if ;; label = @1
      local.get 4
      i32.wrap_i64
      local.get 4
      i32.wrap_i64
      local.get 5
      i32.wrap_i64
      memory.copy
    end
    local.get 5
    call 1
    i64.extend_i32_u
    i64.const 16
    i64.shl
    i64.gt_u
    local.get 3
    call 1
    i64.extend_i32_u
    i64.const 16
    i64.shl
    local.get 5
    i64.sub
    i64.gt_u
    i32.or
    if ;; label = @1
      local.get 3
      i32.wrap_i64
      local.get 3
      i32.wrap_i64
      local.get 5
      i32.wrap_i64
      call 2
    end
    block ;; label = @1
      loop ;; label = @2
        local.get 5
        i64.const 128
        i64.lt_u
        br_if 1 (;@1;)
        local.get 3
        i32.wrap_i64
        local.get 4
        i32.wrap_i64
        v128.load align=1
        local.get 4
        i32.wrap_i64
        v128.load offset=16 align=1
        local.get 4
        i32.wrap_i64
        v128.load offset=32 align=1
        local.get 4
        i32.wrap_i64
        v128.load offset=48 align=1
        local.get 4
        i32.wrap_i64
        v128.load offset=64 align=1
        local.get 4
        i32.wrap_i64
        v128.load offset=80 align=1
        local.get 4
        i32.wrap_i64
        v128.load offset=96 align=1
        local.get 4
        i32.wrap_i64
        v128.load offset=112 align=1
        call 3
        local.get 3
        i64.const 128
        i64.add
        local.set 3
        local.get 4
        i64.const 128
        i64.add
        local.set 4
        local.get 5
        i64.const 128
        i64.sub
        local.set 5
        br 0 (;@2;)
      end
    end
    block ;; label = @1
      loop ;; label = @2
        local.get 5
        i64.const 8
        i64.lt_u
        br_if 1 (;@1;)
        local.get 3
        i32.wrap_i64
        local.get 4
        i32.wrap_i64
        i64.load align=1
        call 4
        local.get 3
        i64.const 8
        i64.add
        local.set 3
        local.get 4
        i64.const 8
        i64.add
        local.set 4
        local.get 5
        i64.const 8
        i64.sub
        local.set 5
        br 0 (;@2;)
      end
    end
    block ;; label = @1
      loop ;; label = @2
        local.get 5
        i64.const 1
        i64.lt_u
        br_if 1 (;@1;)
        local.get 3
        i32.wrap_i64
        local.get 4
        i32.wrap_i64
        i32.load8_u
        call 5
        local.get 3
        i64.const 1
        i64.add
        local.set 3
        local.get 4
        i64.const 1
        i64.add
        local.set 4
        local.get 5
        i64.const 1
        i64.sub
        local.set 5
        br 0 (;@2;)
      end
    end
  )
  (func $"#func14 memory.copy" (@name "memory.copy") (;14;) (type 1) (param i32 i32 i32)
    (local i64 i64 i64 v128 v128 v128 v128 v128 v128 v128 v128)
    local.get 0
    i64.extend_i32_u
    local.set 3
    local.get 1
    i64.extend_i32_u
    local.set 4
    local.get 2
    i64.extend_i32_u
    local.set 5
    local.get 5
    call 1
    i64.extend_i32_u
    i64.const 16
    i64.shl
    i64.gt_u
    local.get 4
    call 1
    i64.extend_i32_u
    i64.const 16
    i64.shl
    local.get 5
    i64.sub
    i64.gt_u
    i32.or
    if ;; label = @1
      local.get 4
      i32.wrap_i64
      local.get 4
      i32.wrap_i64
      local.get 5
      i32.wrap_i64
      call 2
    end
    local.get 5
    memory.size
    i64.extend_i32_u
    i64.const 16
    i64.shl
    i64.gt_u
    local.get 3
    memory.size
    i64.extend_i32_u
    i64.const 16
    i64.shl
    local.get 5
    i64.sub
    i64.gt_u
    i32.or
    if ;; label = @1
      local.get 3
      i32.wrap_i64
      local.get 3
      i32.wrap_i64
      local.get 5
      i32.wrap_i64
      memory.copy
    end
    block ;; label = @1
      loop ;; label = @2
        local.get 5
        i64.const 128
        i64.lt_u
        br_if 1 (;@1;)
        local.get 4
        i32.wrap_i64
        call 6
        local.set 13
        local.set 12
        local.set 11
        local.set 10
        local.set 9
        local.set 8
        local.set 7
        local.set 6
        local.get 3
        i32.wrap_i64
        local.get 6
        v128.store align=1
        local.get 3
        i32.wrap_i64
        local.get 7
        v128.store offset=16 align=1
        local.get 3
        i32.wrap_i64
        local.get 8
        v128.store offset=32 align=1
        local.get 3
        i32.wrap_i64
        local.get 9
        v128.store offset=48 align=1
        local.get 3
        i32.wrap_i64
        local.get 10
        v128.store offset=64 align=1
        local.get 3
        i32.wrap_i64
        local.get 11
        v128.store offset=80 align=1
        local.get 3
        i32.wrap_i64
        local.get 12
        v128.store offset=96 align=1
        local.get 3
        i32.wrap_i64
        local.get 13
        v128.store offset=112 align=1
        local.get 3
        i64.const 128
        i64.add
        local.set 3
        local.get 4
        i64.const 128
        i64.add
        local.set 4
        local.get 5
        i64.const 128
        i64.sub
        local.set 5
        br 0 (;@2;)
      end
    end
    block ;; label = @1
      loop ;; label = @2
        local.get 5
        i64.const 8
        i64.lt_u
        br_if 1 (;@1;)
        local.get 3
        i32.wrap_i64
        local.get 4
        i32.wrap_i64
        call 7
        i64.store align=1
        local.get 3
        i64.const 8
        i64.add
        local.set 3
        local.get 4
        i64.const 8
        i64.add
        local.set 4
        local.get 5
        i64.const 8
        i64.sub
        local.set 5
        br 0 (;@2;)
      end
    end
    block ;; label = @1
      loop ;; label = @2
        local.get 5
        i64.const 1
        i64.lt_u
        br_if 1 (;@1;)
        local.get 3
        i32.wrap_i64
        local.get 4
        i32.wrap_i64
        call 8
        i32.store8
        local.get 3
        i64.const 1
        i64.add
        local.set 3
        local.get 4
        i64.const 1
        i64.add
        local.set 4
        local.get 5
        i64.const 1
        i64.sub
        local.set 5
        br 0 (;@2;)
      end
    end
  )
  (data (;0;) (global.get 0) "user")
  (data (;1;) (i32.const 18) "OWN")
)
