;; The core value that `post-return` gets is the callee's own, before it is narrowed.

(component definition $C
  (component $callee
    (core module $m
      (global $last (mut i32) (i32.const 0))
      (func (export "f") (result i32) (i32.const 0x1ff))
      (func (export "post") (param i32) (global.set $last (local.get 0)))
      (func (export "last") (result i32) (global.get $last)))
    (core instance $m (instantiate $m))
    (func (export "f") (result u8) (canon lift (core func $m "f") (post-return (core func $m "post"))))
    (func (export "last") (result u32) (canon lift (core func $m "last"))))
  (component $caller
    (import "f" (func $f (result u8)))
    (core func $f (canon lower (func $f)))
    (core module $m
      (import "" "f" (func $f (result i32)))
      (func (export "raw") (result i32) (call $f)))
    (core instance $m (instantiate $m
      (with "" (instance (export "f" (func $f))))))
    (func (export "raw") (result u32) (canon lift (core func $m "raw"))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller (with "f" (func $a "f"))))
  (export "raw" (func $b "raw"))
  (export "last" (func $a "last")))

(component instance $i $C)

(assert_return (invoke "raw") (u32.const 255))

(assert_return (invoke "last") (u32.const 511))
