;; Values go through a 64-bit memory at the boundary. What crosses is core values.

(component
  (import "out" (func $out (param "x" string) (result string)))
  (component $callee
    (core module $m
      (memory (export "memory") i64 1)
      (func (export "realloc") (param i64 i64 i64 i64) (result i64) (i64.const 64))
      (func (export "next") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1))))
    (core instance $m (instantiate $m))
    (func (export "next") (param "x" u32) (result u32)
      (canon lift (core func $m "next") (memory (core memory $m "memory")))))
  (component $caller
    (import "out" (func $out (param "x" string) (result string)))
    (import "next" (func $next (param "x" u32) (result u32)))
    (core module $libc
      (memory (export "memory") i64 1)
      (global $next (mut i64) (i64.const 1024))
      (func (export "realloc") (param i64 i64 i64 i64) (result i64)
        (global.get $next)
        (global.set $next (i64.add (global.get $next) (local.get 3)))))
    (core instance $libc (instantiate $libc))
    (core func $out (canon lower (func $out)
      (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
    (core func $next (canon lower (func $next)))
    (core func $new (canon waitable-set.new))
    (core func $poll (canon waitable-set.poll (memory (core memory $libc "memory"))))
    (core module $m
      (import "libc" "memory" (memory i64 1))
      (import "" "out" (func $out (param i64 i64 i64)))
      (import "" "next" (func $next (param i32) (result i32)))
      (import "" "new" (func $new (result i32)))
      (import "" "poll" (func $poll (param i32 i64) (result i32)))
      ;; The string goes to the host and comes back, with its first letter changed.
      (func (export "f") (param i64 i64) (result i64)
        (i32.store8 (local.get 0) (call $next (i32.load8_u (local.get 0))))
        (call $out (local.get 0) (local.get 1) (i64.const 16))
        (i64.const 16))
      (func (export "poll") (result i32) (call $poll (call $new) (i64.const 32))))
    (core instance $m (instantiate $m
      (with "libc" (instance $libc))
      (with "" (instance
        (export "out" (func $out))
        (export "next" (func $next))
        (export "new" (func $new))
        (export "poll" (func $poll))))))
    (func (export "f") (param "x" string) (result string)
      (canon lift (core func $m "f")
        (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
    (func (export "poll") (result u32) (canon lift (core func $m "poll"))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller (with "out" (func $out)) (with "next" (func $a "next"))))
  (export "f" (func $b "f"))
  (export "poll" (func $b "poll")))

(assert_return (invoke "f" (str.const "abc")) (str.const "bbc"))

(assert_return (invoke "poll") (u32.const 0))
