;; line 3
(component $Both
  (core module $fused (;0;)
    (type (;0;) (func (param i32) (result i32)))
    (type (;1;) (func (param i32) (result i64)))
    (type (;2;) (func (param i32 i64)))
    (type (;3;) (func (param i32 i32 i32)))
    (type (;4;) (func (param i32 i32)))
    (type (;5;) (func (result i32)))
    (memory (;0;) 3 4)
    (global $"spy::size of memory0" (;0;) (mut i32) i32.const 65536)
    (global $"secrets::size of memory1" (;1;) (mut i32) i32.const 65536)
    (export "first" (func $secrets::first))
    (export "load" (func $spy::load))
    (export "load-far" (func $spy::load-far))
    (export "load-nowhere" (func $spy::load-nowhere))
    (export "store" (func $spy::store))
    (export "copy" (func $spy::copy))
    (export "fill" (func $spy::fill))
    (export "init" (func $spy::init))
    (export "grow" (func $spy::grow))
    (export "size" (func $spy::size))
    (func $spy::load (;0;) (type 0) (param i32) (result i32)
      (local i32)
      local.get 0
      local.tee 1
      i32.const -8
      local.get 1
      global.get $"spy::size of memory0"
      i32.const 1
      i32.sub
      i32.le_u
      select
      i32.load8_u
    )
    (func $spy::load-far (;1;) (type 1) (param i32) (result i64)
      (local i32)
      local.get 0
      local.tee 1
      i32.const -8
      local.get 1
      i64.extend_i32_u
      i64.const 65544
      i64.add
      global.get $"spy::size of memory0"
      i64.extend_i32_u
      i64.le_u
      select
      i64.load offset=65536
    )
    (func $spy::load-nowhere (;2;) (type 0) (param i32) (result i32)
      (local i32)
      local.get 0
      drop
      i32.const -8
      i32.load offset=4294967295
    )
    (func $spy::store (;3;) (type 2) (param i32 i64)
      (local i32 i64)
      local.get 0
      local.get 1
      local.set 3
      local.tee 2
      i32.const -8
      local.get 2
      global.get $"spy::size of memory0"
      i32.const 16
      i32.sub
      i32.le_u
      select
      local.get 3
      i64.store offset=8
    )
    (func $spy::copy (;4;) (type 3) (param i32 i32 i32)
      (local i32 i32 i32)
      local.get 0
      local.get 1
      local.get 2
      local.set 5
      local.set 4
      local.set 3
      local.get 3
      i32.const -8
      local.get 3
      i64.extend_i32_u
      local.get 5
      i64.extend_i32_u
      i64.add
      global.get $"spy::size of memory0"
      i64.extend_i32_u
      i64.le_u
      select
      local.get 4
      i32.const -8
      local.get 4
      i64.extend_i32_u
      local.get 5
      i64.extend_i32_u
      i64.add
      global.get $"spy::size of memory0"
      i64.extend_i32_u
      i64.le_u
      select
      local.get 5
      memory.copy
    )
    (func $spy::fill (;5;) (type 4) (param i32 i32)
      (local i32 i32 i32)
      local.get 0
      i32.const 7
      local.get 1
      local.set 4
      local.set 3
      local.set 2
      local.get 2
      i32.const -8
      local.get 2
      i64.extend_i32_u
      local.get 4
      i64.extend_i32_u
      i64.add
      global.get $"spy::size of memory0"
      i64.extend_i32_u
      i64.le_u
      select
      local.get 3
      local.get 4
      memory.fill
    )
    (func $spy::init (;6;) (type 4) (param i32 i32)
      (local i32 i32 i32)
      local.get 0
      i32.const 0
      local.get 1
      local.set 4
      local.set 3
      local.set 2
      local.get 2
      i32.const -8
      local.get 2
      i64.extend_i32_u
      local.get 4
      i64.extend_i32_u
      i64.add
      global.get $"spy::size of memory0"
      i64.extend_i32_u
      i64.le_u
      select
      local.get 3
      local.get 4
      memory.init $spy::word
    )
    (func $spy::grow (;7;) (type 0) (param i32) (result i32)
      (local i32)
      local.get 0
      local.set 1
      local.get 1
      i32.const 2
      global.get $"spy::size of memory0"
      i32.const 16
      i32.shr_u
      i32.sub
      i32.gt_u
      if (result i32) ;; label = @1
        i32.const -1
      else
        global.get $"spy::size of memory0"
        i32.const 16
        i32.shr_u
        global.get $"spy::size of memory0"
        local.get 1
        i32.const 16
        i32.shl
        i32.add
        global.set $"spy::size of memory0"
      end
    )
    (func $spy::size (;8;) (type 5) (result i32)
      global.get $"spy::size of memory0"
      i32.const 16
      i32.shr_u
    )
    (func $secrets::first (;9;) (type 5) (result i32)
      i32.const 0
      i32.load8_u offset=131072
    )
    (data $spy::word (;0;) "spy")
    (data (;1;) (i32.const 131072) "secret")
    (@producers
      (processed-by "wasm-fuser" "0.1.0")
    )
    (@custom "target_features" (after data) "\03+\0bbulk-memory+\0fbulk-memory-opt+\0fmutable-globals")
  )
  (core instance $fused (;0;) (instantiate $fused))
  (type (;0;) (func (result u32)))
  (alias core export $fused "first" (core func (;0;)))
  (func (;0;) (type 0) (canon lift (core func 0)))
  (export (;1;) "first" (func 0))
  (type (;1;) (func (param "at" u32) (result u32)))
  (alias core export $fused "load" (core func (;1;)))
  (func (;2;) (type 1) (canon lift (core func 1)))
  (export (;3;) "load" (func 2))
  (type (;2;) (func (param "at" u32) (result u64)))
  (alias core export $fused "load-far" (core func (;2;)))
  (func (;4;) (type 2) (canon lift (core func 2)))
  (export (;5;) "load-far" (func 4))
  (type (;3;) (func (param "at" u32) (result u32)))
  (alias core export $fused "load-nowhere" (core func (;3;)))
  (func (;6;) (type 3) (canon lift (core func 3)))
  (export (;7;) "load-nowhere" (func 6))
  (type (;4;) (func (param "at" u32) (param "value" u64)))
  (alias core export $fused "store" (core func (;4;)))
  (func (;8;) (type 4) (canon lift (core func 4)))
  (export (;9;) "store" (func 8))
  (type (;5;) (func (param "to" u32) (param "from" u32) (param "length" u32)))
  (alias core export $fused "copy" (core func (;5;)))
  (func (;10;) (type 5) (canon lift (core func 5)))
  (export (;11;) "copy" (func 10))
  (type (;6;) (func (param "at" u32) (param "length" u32)))
  (alias core export $fused "fill" (core func (;6;)))
  (func (;12;) (type 6) (canon lift (core func 6)))
  (export (;13;) "fill" (func 12))
  (type (;7;) (func (param "at" u32) (param "length" u32)))
  (alias core export $fused "init" (core func (;7;)))
  (func (;14;) (type 7) (canon lift (core func 7)))
  (export (;15;) "init" (func 14))
  (type (;8;) (func (param "pages" u32) (result s32)))
  (alias core export $fused "grow" (core func (;8;)))
  (func (;16;) (type 8) (canon lift (core func 8)))
  (export (;17;) "grow" (func 16))
  (type (;9;) (func (result u32)))
  (alias core export $fused "size" (core func (;9;)))
  (func (;18;) (type 9) (canon lift (core func 9)))
  (export (;19;) "size" (func 18))
  (@producers
    (processed-by "wasm-fuser" "0.1.0")
  )
)
