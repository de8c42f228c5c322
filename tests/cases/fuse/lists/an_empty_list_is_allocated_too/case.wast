;; `realloc` is called for a string or list of no length, and the callee gets what it returns.

(component definition $C
  (component $callee
    (core module $m
      (memory (export "memory") 1)
      (global $next (mut i32) (i32.const 1024))
      (global $calls (mut i32) (i32.const 0))
      ;; what it is called with is kept from address 64 on
      (func $realloc (export "realloc") (param i32 i32 i32 i32) (result i32)
        (local $at i32)
        (local.set $at (i32.add (i32.const 64) (i32.mul (global.get $calls) (i32.const 16))))
        (i32.store (local.get $at) (local.get 0))
        (i32.store offset=4 (local.get $at) (local.get 1))
        (i32.store offset=8 (local.get $at) (local.get 2))
        (i32.store offset=12 (local.get $at) (local.get 3))
        (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
        (global.set $next (i32.add (global.get $next) (i32.const 64)))
        (i32.sub (global.get $next) (i32.const 64)))
      (func (export "calls") (result i32)
        (i32.store (i32.const 48) (i32.const 64))
        (i32.store (i32.const 52) (i32.mul (global.get $calls) (i32.const 4)))
        (i32.const 48))
      (func (export "f") (param i32 i32 i32 i32) (result i32) (i32.add (local.get 0) (local.get 2))))
    (core instance $m (instantiate $m))
    (func (export "f") (param "a" string) (param "b" (list u64)) (result u32)
      (canon lift (core func $m "f") (memory (core memory $m "memory")) (realloc (core func $m "realloc"))))
    (func (export "calls") (result (list u32)) (canon lift (core func $m "calls") (memory (core memory $m "memory")))))
  (component $caller
    (import "f" (func $f (param "a" string) (param "b" (list u64)) (result u32)))
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
      (import "" "f" (func $f (param i32 i32 i32 i32) (result i32)))
      (func (export "f") (result i32) (call $f (i32.const 77) (i32.const 0) (i32.const 88) (i32.const 0))))
    (core instance $m (instantiate $m
      (with "libc" (instance $libc))
      (with "" (instance (export "f" (func $f))))))
    (func (export "f") (result u32) (canon lift (core func $m "f"))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller (with "f" (func $a "f"))))
  (export "f" (func $b "f"))
  (export "calls" (func $a "calls")))

(component instance $i $C)

(assert_return (invoke "f") (u32.const 2112))

(assert_return (invoke "calls") (list.const (u32.const 0) (u32.const 0) (u32.const 1) (u32.const 0) (u32.const 0) (u32.const 0) (u32.const 8) (u32.const 0)))
