;; A list may end where the memory ends, and not a byte later; also one of length zero.

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
      (func (export "f") (param $at i32) (param $len i32) (result i32)
        ;; the length, and the first byte above it
        (i32.or (local.get $len)
          (i32.shl (if (result i32) (local.get $len) (then (i32.load8_u (local.get $at))) (else (i32.const 0)))
            (i32.const 24)))))
    (core instance $m (instantiate $m))
    (func (export "f") (param "x" (list u8)) (result u32)
      (canon lift (core func $m "f") (memory (core memory $m "memory")) (realloc (core func $m "realloc")))))
  (component $caller
    (import "f" (func $f (param "x" (list u8)) (result u32)))
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
      (data (i32.const 0) "\01\02\03\04\05\06\07\08")
      (data (i32.const 0xfff0) "abcdefghijklmnop")
      (func (export "raw") (param i32 i32) (result i32) (call $f (local.get 0) (local.get 1))))
    (core instance $m (instantiate $m
      (with "libc" (instance $libc))
      (with "" (instance (export "f" (func $f))))))
    (func (export "raw") (param "at" u32) (param "length" u32) (result u32) (canon lift (core func $m "raw"))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller (with "f" (func $a "f"))))
  (export "raw" (func $b "raw")))

(component instance $i $C)

(assert_return (invoke "raw" (u32.const 0) (u32.const 3)) (u32.const 16777219))

(assert_return (invoke "raw" (u32.const 0xfff0) (u32.const 16)) (u32.const 1627389968))

(assert_return (invoke "raw" (u32.const 0x10000) (u32.const 0)) (u32.const 0))

(component instance $i $C)
(assert_trap (invoke "raw" (u32.const 0xfff1) (u32.const 16)) "list content out-of-bounds")

(component instance $i $C)
(assert_trap (invoke "raw" (u32.const 0x10000) (u32.const 1)) "list content out-of-bounds")

(component instance $i $C)
(assert_trap (invoke "raw" (u32.const 0xffffffff) (u32.const 1)) "list content out-of-bounds")

(component instance $i $C)
(assert_trap (invoke "raw" (u32.const 0x10001) (u32.const 0)) "list content out-of-bounds")

(component instance $i $C)
(assert_trap (invoke "raw" (u32.const 0) (u32.const 0x10001)) "list content out-of-bounds")
