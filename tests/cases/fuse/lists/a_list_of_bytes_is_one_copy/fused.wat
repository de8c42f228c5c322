;; line 3
(component $C
  (core module $fused (;0;)
    (type (;0;) (func (param i32 i32 i32 i32) (result i32)))
    (type (;1;) (func (param i32 i32) (result i32)))
    (type (;2;) (func))
    (type (;3;) (func (param i32) (result i32)))
    (memory (;0;) 1)
    (memory (;1;) 1)
    (export "raw" (func 8))
    (func (;0;) (type 0) (param i32 i32 i32 i32) (result i32)
      i32.const 63
    )
    (func (;1;) (type 1) (param i32 i32) (result i32)
      local.get 0
      i32.load8_u
      local.get 0
      i32.load8_u offset=2
      i32.sub
    )
    (func $"shim::lower0 f" (;2;) (type 1) (param i32 i32) (result i32)
      (local i32 i32 i32 i32 i32 i32)
      local.get 0
      local.set 4
      local.get 1
      local.set 5
      local.get 4
      local.get 5
      call $"shim::lift list"
      local.set 6
      local.get 6
      call $shim::allocate
      local.set 7
      local.get 7
      local.get 4
      local.get 6
      memory.copy 0 1
      local.get 7
      local.set 2
      local.get 5
      local.set 3
      local.get 2
      local.get 3
      call 1
      local.set 4
      local.get 4
      local.set 7
      local.get 7
    )
    (func $"shim::lift list" (;3;) (type 1) (param i32 i32) (result i32)
      (local i32)
      local.get 1
      i32.const 268435455
      i32.gt_u
      if ;; label = @1
        call $"shim::canon trap: list is too long"
        unreachable
      end
      local.get 1
      local.set 2
      local.get 0
      i64.extend_i32_u
      local.get 2
      i64.extend_i32_u
      i64.add
      memory.size 1
      i64.extend_i32_u
      i64.const 16
      i64.shl
      i64.gt_u
      if ;; label = @1
        call $"shim::canon trap: list is out of bounds"
        unreachable
      end
      local.get 2
    )
    (func $"shim::canon trap: list is too long" (;4;) (type 2)
      unreachable
    )
    (func $"shim::canon trap: list is out of bounds" (;5;) (type 2)
      unreachable
    )
    (func $shim::allocate (;6;) (type 3) (param i32) (result i32)
      (local i32)
      i32.const 0
      i32.const 0
      i32.const 1
      local.get 0
      call 0
      local.set 1
      local.get 1
      i64.extend_i32_u
      local.get 0
      i64.extend_i32_u
      i64.add
      memory.size
      i64.extend_i32_u
      i64.const 16
      i64.shl
      i64.gt_u
      if ;; label = @1
        call $"shim::canon trap: result of realloc is out of bounds"
        unreachable
      end
      local.get 1
    )
    (func $"shim::canon trap: result of realloc is out of bounds" (;7;) (type 2)
      unreachable
    )
    (func (;8;) (type 3) (param i32) (result i32)
      i32.const 0
      local.get 0
      call $"shim::lower0 f"
    )
    (data (;0;) (memory 1) (i32.const 0) "zyx")
    (@producers
      (processed-by "wasm-fuser" "0.1.0")
    )
    (@custom "target_features" (after data) "\03+\0bbulk-memory+\0fbulk-memory-opt+\0bmultimemory")
  )
  (core instance $fused (;0;) (instantiate $fused))
  (type (;0;) (func (param "length" u32) (result u32)))
  (alias core export $fused "raw" (core func (;0;)))
  (func (;0;) (type 0) (canon lift (core func 0)))
  (export (;1;) "raw" (func 0))
  (@producers
    (processed-by "wasm-fuser" "0.1.0")
  )
)
