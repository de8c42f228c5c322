;; An adapter reads the memory of the caller that it belongs to.

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
      (func (export "f") (param i32 i32) (result i32) (i32.load8_u (local.get 0))))
    (core instance $m (instantiate $m))
    (func (export "f") (param "x" string) (result u32)
      (canon lift (core func $m "f") (memory (core memory $m "memory")) (realloc (core func $m "realloc")))))
  (component $caller
    (import "letter" (func $letter (result u32)))
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
    (core func $letter (canon lower (func $letter) (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
    (core func $f (canon lower (func $f) (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
    (core module $m
      (import "libc" "memory" (memory 1))
      (import "libc" "realloc" (func $realloc (param i32 i32 i32 i32) (result i32)))
      (import "" "letter" (func $letter (result i32)))
      (import "" "f" (func $f (param i32 i32) (result i32)))
      (func (export "raw") (result i32)
        (i32.store8 (i32.const 0) (call $letter))
        (call $f (i32.const 0) (i32.const 1))))
    (core instance $m (instantiate $m
      (with "libc" (instance $libc))
      (with "" (instance (export "letter" (func $letter)) (export "f" (func $f))))))
    (func (export "raw") (result u32) (canon lift (core func $m "raw"))))
  (component $a
    (core module $m (func (export "letter") (result i32) (i32.const 97)))
    (core instance $m (instantiate $m))
    (func (export "letter") (result u32) (canon lift (core func $m "letter"))))
  (component $b
    (core module $m (func (export "letter") (result i32) (i32.const 98)))
    (core instance $m (instantiate $m))
    (func (export "letter") (result u32) (canon lift (core func $m "letter"))))
  (instance $callee (instantiate $callee))
  (instance $a (instantiate $a))
  (instance $b (instantiate $b))
  (instance $one (instantiate $caller (with "letter" (func $a "letter")) (with "f" (func $callee "f"))))
  (instance $two (instantiate $caller (with "letter" (func $b "letter")) (with "f" (func $callee "f"))))
  (export "one" (func $one "raw"))
  (export "two" (func $two "raw")))

(component instance $i $C)

(assert_return (invoke "one") (u32.const 97))

(assert_return (invoke "two") (u32.const 98))

(assert_return (invoke "one") (u32.const 97))
