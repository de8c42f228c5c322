(component
  (core module $fused (;0;)
    (type (;0;) (func (result i64)))
    (type (;1;) (func (param i64)))
    (type (;2;) (func (result i32)))
    (type (;3;) (func (param i32)))
    (type (;4;) (func (param i32) (result i32)))
    (type (;5;) (func (param i64) (result i64)))
    (import "$builtin" "context.get i64 0" (func (;0;) (type 0) (result i64)))
    (import "$builtin" "context.set i64 0" (func (;1;) (type 1) (param i64)))
    (export "f" (func 4))
    (export "g" (func 6))
    (func $"shim::builtin0 context.get i32 0" (;2;) (type 2) (result i32)
      call 0
      i32.wrap_i64
    )
    (func $"shim::builtin1 context.set i32 0" (;3;) (type 3) (param i32)
      local.get 0
      i64.extend_i32_u
      call 1
    )
    (func (;4;) (type 4) (param i32) (result i32)
      (local i32)
      call $"shim::builtin0 context.get i32 0"
      local.set 1
      local.get 0
      call $"shim::builtin1 context.set i32 0"
      call $"shim::builtin0 context.get i32 0"
      local.get 1
      i32.sub
    )
    (func $"shim::lower0 f" (;5;) (type 4) (param i32) (result i32)
      (local i32 i64 i32 i32)
      local.get 0
      local.set 1
      call 0
      local.set 2
      i64.const 0
      call 1
      local.get 1
      call 4
      local.set 3
      local.get 3
      local.set 4
      local.get 2
      call 1
      local.get 4
    )
    (func (;6;) (type 5) (param i64) (result i64)
      (local i32)
      call 0
      i64.const 0
      i64.ne
      if ;; label = @1
        unreachable
      end
      local.get 0
      call 1
      i32.const -7
      call $"shim::lower0 f"
      local.set 1
      call 0
      local.get 1
      i64.extend_i32_s
      i64.add
    )
    (@producers
      (processed-by "wasm-fuser" "0.1.0")
    )
    (@custom "target_features" (after code) "\00")
  )
  (core func (;0;) (canon context.get i64 0))
  (core func (;1;) (canon context.set i64 0))
  (core instance (;0;)
    (export "context.get i64 0" (func 0))
    (export "context.set i64 0" (func 1))
  )
  (core instance $fused (;1;) (instantiate $fused
      (with "$builtin" (instance 0))
    )
  )
  (type (;0;) (func (param "x" s32) (result s32)))
  (alias core export $fused "f" (core func (;2;)))
  (func (;0;) (type 0) (canon lift (core func 2)))
  (export (;1;) "f" (func 0))
  (type (;1;) (func (param "x" s64) (result s64)))
  (alias core export $fused "g" (core func (;3;)))
  (func (;2;) (type 1) (canon lift (core func 3)))
  (export (;3;) "g" (func 2))
  (@producers
    (processed-by "wasm-fuser" "0.1.0")
  )
)
