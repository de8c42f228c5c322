;; The table would have to be one of the fused module.
(component
  (core module $libc (table (export "table") 1 funcref))
  (core instance $libc (instantiate $libc))
  (core type $start (func (param i32)))
  (core func $new (canon thread.new-indirect $start (core table $libc "table")))
  (core module $m
    (import "" "new" (func $new (param i32 i32) (result i32)))
    (func (export "f") (result i32) (call $new (i32.const 0) (i32.const 0))))
  (core instance $m (instantiate $m (with "" (instance (export "new" (func $new))))))
  (func (export "f") (result u32) (canon lift (core func $m "f"))))
