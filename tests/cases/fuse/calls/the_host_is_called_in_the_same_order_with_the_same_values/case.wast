;; What the instances say to the host, strings and records too, comes in the same order.

(component definition $C
  (import "host" (instance $host (export "say" (func (param "x" string) (param "y" (option u8)) (result string)))))
  (component $a
    (import "say" (func $say (param "x" string) (param "y" (option u8)) (result string)))
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
    (core func $say (canon lower (func $say) (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
    (core module $m
      (import "libc" "memory" (memory 1))
      (import "" "say" (func $say (param i32 i32 i32 i32 i32)))
      (func (export "f") (param i32 i32) (result i32)
        (call $say (local.get 0) (local.get 1) (i32.const 1) (local.get 1) (i32.const 16))
        (i32.const 16)))
    (core instance $m (instantiate $m (with "libc" (instance $libc)) (with "" (instance (export "say" (func $say))))))
    (func (export "f") (param "x" string) (result string)
      (canon lift (core func $m "f") (memory (core memory $libc "memory")) (realloc (core func $libc "realloc")))))
  (component $b
    (import "say" (func $say (param "x" string) (param "y" (option u8)) (result string)))
    (import "f" (func $f (param "x" string) (result string)))
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
    (core func $say (canon lower (func $say) (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
    (core func $f (canon lower (func $f) (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
    (core module $m
      (import "libc" "memory" (memory 1))
      (import "" "say" (func $say (param i32 i32 i32 i32 i32)))
      (import "" "f" (func $f (param i32 i32 i32)))
      (func (export "f") (param i32 i32) (result i32)
        (call $say (local.get 0) (local.get 1) (i32.const 0) (i32.const 0) (i32.const 16))
        (call $f (i32.load (i32.const 16)) (i32.load (i32.const 20)) (i32.const 24))
        (call $say (i32.load (i32.const 24)) (i32.const 1) (i32.const 1) (i32.const 255) (i32.const 16))
        (i32.const 16)))
    (core instance $m (instantiate $m (with "libc" (instance $libc)) (with "" (instance (export "say" (func $say)) (export "f" (func $f))))))
    (func (export "f") (param "x" string) (result string)
      (canon lift (core func $m "f") (memory (core memory $libc "memory")) (realloc (core func $libc "realloc")))))
  (instance $a (instantiate $a (with "say" (func $host "say"))))
  (instance $b (instantiate $b (with "say" (func $host "say")) (with "f" (func $a "f"))))
  (export "f" (func $b "f")))

(component instance $i $C)

(assert_return (invoke "f" (str.const "words")) (str.const "w"))
