(component
  (import "my:pkg/api" (instance $api
    (export "counter" (core module (export "next" (func (result i32)))))
    (export "next" (func (result u32)))))
  (alias export $api "counter" (core module $counter))
  (core instance $outside (instantiate $counter))
  (core func $inside (canon lower (func $api "next")))
  (core module $m
    (import "outside" "next" (func $outside (result i32)))
    (import "" "inside" (func $inside (result i32)))
    (func (export "run") (result i32)
      (drop (call $inside))
      (drop (call $inside))
      (i32.add (i32.mul (call $outside) (i32.const 1000)) (call $inside))))
  (core instance $m (instantiate $m
    (with "outside" (instance $outside))
    (with "" (instance (export "inside" (func $inside))))))
  (func (export "run") (result u32) (canon lift (core func $m "run"))))
