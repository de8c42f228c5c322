;; `post-return` gets the flat results of the call; what it overwrites has been copied already.

(component definition $C
  (component $callee
    (core module $m
      (memory (export "memory") 1)
      (global $next (mut i32) (i32.const 1024))
      (func $realloc (export "realloc") (param i32 i32 i32 i32) (result i32)
        (local $at i32)
        (local.set $at
          (i32.and
            (i32.add (global.get $next) (i32.sub (local.get 2) (i32.const 1)))
            (i32.sub (i32.const 0) (local.get 2))))
        (global.set $next (i32.add (local.get $at) (local.get 3)))
        (local.get $at))
      (global $posts (mut i32) (i32.const 0))
      (global $last (mut i32) (i32.const 0))
      (func (export "f") (param i32) (result i32)
        (i32.store (i32.const 16) (i32.const 32))
        (i32.store (i32.const 20) (i32.const 4))
        (i32.store (i32.const 32) (local.get 0))
        (i32.const 16))
      (func (export "post") (param i32)
        (global.set $posts (i32.add (global.get $posts) (i32.const 1)))
        (global.set $last (local.get 0))
        (i32.store (i32.const 16) (i32.const -1))
        (i32.store (i32.const 32) (i32.const 0)))
      (func (export "posts") (result i32) (i32.add (i32.mul (global.get $posts) (i32.const 1000)) (global.get $last))))
    (core instance $m (instantiate $m))
    (func (export "f") (param "x" u32) (result string)
      (canon lift (core func $m "f") (memory (core memory $m "memory")) (realloc (core func $m "realloc")) (post-return (core func $m "post"))))
    (func (export "posts") (result u32) (canon lift (core func $m "posts"))))
  (component $caller
    (import "f" (func $f (param "x" u32) (result string)))
    (core module $libc
      (memory (export "memory") 1)
      (global $next (mut i32) (i32.const 1024))
      (func $realloc (export "realloc") (param i32 i32 i32 i32) (result i32)
        (local $at i32)
        (local.set $at
          (i32.and
            (i32.add (global.get $next) (i32.sub (local.get 2) (i32.const 1)))
            (i32.sub (i32.const 0) (local.get 2))))
        (global.set $next (i32.add (local.get $at) (local.get 3)))
        (local.get $at)))
    (core instance $libc (instantiate $libc))
    (core func $f (canon lower (func $f) (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
    (core module $m
      (import "libc" "memory" (memory 1))
      (import "libc" "realloc" (func $realloc (param i32 i32 i32 i32) (result i32)))
      (import "" "f" (func $f (param i32 i32)))
      (func (export "raw") (param i32) (result i32) (call $f (local.get 0) (i32.const 16)) (i32.const 16)))
    (core instance $m (instantiate $m
      (with "libc" (instance $libc))
      (with "" (instance (export "f" (func $f))))))
    (func (export "raw") (param "x" u32) (result string)
      (canon lift (core func $m "raw") (memory (core memory $libc "memory")) (realloc (core func $libc "realloc")))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller (with "f" (func $a "f"))))
  (export "raw" (func $b "raw"))
  (export "posts" (func $a "posts")))

(component instance $i $C)

(assert_return (invoke "posts") (u32.const 0))

(assert_return (invoke "raw" (u32.const 0x64636261)) (str.const "abcd"))

(assert_return (invoke "posts") (u32.const 1016))

(assert_return (invoke "raw" (u32.const 0x68676665)) (str.const "efgh"))

(assert_return (invoke "posts") (u32.const 2016))
