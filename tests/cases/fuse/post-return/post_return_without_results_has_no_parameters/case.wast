;; A function without results may have a `post-return` as well.

(component definition $C
  (component $callee
    (core module $m
      (global $posts (mut i32) (i32.const 0))
      (func (export "f"))
      (func (export "post") (global.set $posts (i32.add (global.get $posts) (i32.const 1))))
      (func (export "posts") (result i32) (global.get $posts)))
    (core instance $m (instantiate $m))
    (func (export "f") (canon lift (core func $m "f") (post-return (core func $m "post"))))
    (func (export "posts") (result u32) (canon lift (core func $m "posts"))))
  (component $caller
    (import "f" (func $f))
    (core func $f (canon lower (func $f)))
    (core module $m
      (import "" "f" (func $f))
      (func (export "raw") (call $f) (call $f)))
    (core instance $m (instantiate $m
      (with "" (instance (export "f" (func $f))))))
    (func (export "raw") (canon lift (core func $m "raw"))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller (with "f" (func $a "f"))))
  (export "raw" (func $b "raw"))
  (export "posts" (func $a "posts")))

(component instance $i $C)

(assert_return (invoke "raw"))

(assert_return (invoke "posts") (u32.const 2))
