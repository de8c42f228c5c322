;; A child that imports a store gets one that another component makes of the host's: the child
;; cannot tell.

(component definition $C
  (import "store" (instance $store
    (export "put" (func (param "key" u32) (param "value" u32) (result u32)))
    (export "size" (func (result u32)))))
  (component $virtual
    (import "store" (instance $store
      (export "put" (func (param "key" u32) (param "value" u32) (result u32)))))
    (core func $put (canon lower (func $store "put")))
    (core module $m
      (import "" "put" (func $put (param i32 i32) (result i32)))
      (global $size (mut i32) (i32.const 0))
      (func (export "put") (param i32 i32) (result i32)
        (global.set $size (i32.add (global.get $size) (i32.const 1)))
        (call $put (i32.add (i32.const 1000) (local.get 0)) (local.get 1)))
      (func (export "size") (result i32) (global.get $size)))
    (core instance $m (instantiate $m (with "" (instance (export "put" (func $put))))))
    (func $put (param "key" u32) (param "value" u32) (result u32) (canon lift (core func $m "put")))
    (func $size (result u32) (canon lift (core func $m "size")))
    (instance (export "store") (export "put" (func $put)) (export "size" (func $size))))
  (component $child
    (import "store" (instance $store
      (export "put" (func (param "key" u32) (param "value" u32) (result u32)))
      (export "size" (func (result u32)))))
    (core func $put (canon lower (func $store "put")))
    (core func $size (canon lower (func $store "size")))
    (core module $m
      (import "" "put" (func $put (param i32 i32) (result i32)))
      (import "" "size" (func $size (result i32)))
      (func (export "run") (result i32)
        (drop (call $put (i32.const 1) (i32.const 11)))
        (i32.add (call $put (i32.const 2) (i32.const 22)) (call $size))))
    (core instance $m (instantiate $m (with "" (instance
      (export "put" (func $put)) (export "size" (func $size))))))
    (func (export "run") (result u32) (canon lift (core func $m "run"))))
  (instance $virtual (instantiate $virtual (with "store" (instance $store))))
  (instance $inside (instantiate $child (with "store" (instance $virtual "store"))))
  (instance $outside (instantiate $child (with "store" (instance $store))))
  (export "inside" (func $inside "run"))
  (export "outside" (func $outside "run")))

(component instance $i $C)

;; The host returns the key of a `put`, and 0 as the size.
(assert_return (invoke "inside") (u32.const 1004))
(assert_return (invoke "outside") (u32.const 2))
(assert_return (invoke "inside") (u32.const 1006))
