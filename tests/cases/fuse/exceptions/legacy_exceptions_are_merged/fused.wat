(component
  (core module $fused (;0;)
    (type (;0;) (func (param i32) (result i32)))
    (type (;1;) (func (param i32)))
    (tag (;0;) (type 1) (param i32))
    (export "run" (func 0))
    (func (;0;) (type 0) (param i32) (result i32)
      try (result i32) ;; label = @1
        local.get 0
        throw 0
      catch 0
        drop
        try ;; label = @2
          rethrow 1 (;@1;)
        delegate 1
        i32.const 2
      catch_all
        i32.const 3
      end
    )
    (@producers
      (processed-by "wasm-fuser" "0.1.0")
    )
    (@custom "target_features" (after code) "\01+\12exception-handling")
  )
  (core instance $fused (;0;) (instantiate $fused))
  (type (;0;) (func (param "x" u32) (result u32)))
  (alias core export $fused "run" (core func (;0;)))
  (func (;0;) (type 0) (canon lift (core func 0)))
  (export (;1;) "run" (func 0))
  (@producers
    (processed-by "wasm-fuser" "0.1.0")
  )
)
