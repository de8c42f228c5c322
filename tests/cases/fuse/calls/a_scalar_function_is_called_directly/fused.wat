;; line 4
(component $C
  (core module $fused (;0;)
    (type (;0;) (func (param i32 i64 f32 f64) (result f64)))
    (type (;1;) (func (param f64) (result f64)))
    (export "raw" (func 1))
    (func (;0;) (type 0) (param i32 i64 f32 f64) (result f64)
      local.get 3
      local.get 2
      f64.promote_f32
      f64.add
    )
    (func (;1;) (type 1) (param f64) (result f64)
      i32.const 1
      i64.const 2
      f32.const 0x1p-1 (;=0.5;)
      local.get 0
      call 0
    )
    (@producers
      (processed-by "wasm-fuser" "0.1.0")
    )
    (@custom "target_features" (after code) "\00")
  )
  (core instance $fused (;0;) (instantiate $fused))
  (type (;0;) (func (param "x" f64) (result f64)))
  (alias core export $fused "raw" (core func (;0;)))
  (func (;0;) (type 0) (canon lift (core func 0)))
  (export (;1;) "raw" (func 0))
  (@producers
    (processed-by "wasm-fuser" "0.1.0")
  )
)
