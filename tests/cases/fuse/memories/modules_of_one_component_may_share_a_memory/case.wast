;; What a crossing writes into the memory of one core instance is seen by another that imports
;; it.

(component definition $C
  (component $callee
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
    (core module $lib
      (import "libc" "memory" (memory 1))
      (func (export "first") (param i32) (result i32) (i32.load8_u (local.get 0))))
    (core instance $lib (instantiate $lib (with "libc" (instance $libc))))
    (core module $main
      (import "lib" "first" (func $first (param i32) (result i32)))
      (func (export "f") (param i32 i32) (result i32) (call $first (local.get 0))))
    (core instance $main (instantiate $main (with "lib" (instance $lib))))
    (func (export "f") (param "x" string) (result u32)
      (canon lift (core func $main "f") (memory (core memory $libc "memory")) (realloc (core func $libc "realloc")))))
  (component $caller
    (import "f" (func $f (param "x" string) (result u32)))
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
      (import "" "f" (func $f (param i32 i32) (result i32)))
      (func (export "raw") (param i32 i32) (result i32) (call $f (local.get 0) (local.get 1))))
    (core instance $m (instantiate $m
      (with "libc" (instance $libc))
      (with "" (instance (export "f" (func $f))))))
    (func (export "raw") (param "x" string) (result u32)
      (canon lift (core func $m "raw") (memory (core memory $libc "memory")) (realloc (core func $libc "realloc")))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller (with "f" (func $a "f"))))
  (export "raw" (func $b "raw")))

(component instance $i $C)

(assert_return (invoke "raw" (str.const "zebra")) (u32.const 122))
