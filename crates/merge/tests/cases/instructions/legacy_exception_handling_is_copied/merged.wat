(module $fused
  (type (;0;) (func (result i32)))
  (type (;1;) (func (param i32)))
  (tag $a::e (;0;) (type 1) (param i32))
  (export "run" (func 0))
  (func (;0;) (type 0) (result i32)
    try (result i32) ;; label = @1
      i32.const 1
      throw $a::e
    catch $a::e
      drop
      try ;; label = @2
        rethrow 1 (;@1;)
      delegate 1
      i32.const 2
    catch_all
      i32.const 3
    end
  )
)
