;; line 3
(component $C
  (core module $fused (;0;)
    (type (;0;) (func (param i32) (result i32)))
    (export "raw" (func $"shim::lower0 f"))
    (func (;0;) (type 0) (param i32) (result i32)
      local.get 0
    )
    (func $"shim::lower0 f" (;1;) (type 0) (param i32) (result i32)
      (local i32 i32 i32)
      local.get 0
      i32.const 0
      i32.ne
      local.set 1
      local.get 1
      call 0
      local.set 2
      local.get 2
      local.set 3
      local.get 3
    )
    (@producers
      (processed-by "wasm-fuser" "0.1.0")
    )
    (@custom "target_features" (after code) "\00")
  )
  (core instance $fused (;0;) (instantiate $fused))
  (type (;0;) (func (param "x" u32) (result u32)))
  (alias core export $fused "raw" (core func (;0;)))
  (func (;0;) (type 0) (canon lift (core func 0)))
  (export (;1;) "raw" (func 0))
  (@producers
    (processed-by "wasm-fuser" "0.1.0")
  )
)
