;; Many variants with pointers in their payloads are passed in memory, whatever their cases.

(component definition $C
  (component $callee
    (core module $m
      (memory (export "memory") 4)
      (global $next (mut i32) (i32.const 1024))
      (func $realloc (export "realloc") (param i32 i32 i32 i32) (result i32)
        (local $at i32)
        (local.set $at
          (i32.and
            (i32.add (global.get $next) (i32.sub (local.get 2) (i32.const 1)))
            (i32.sub (i32.const 0) (local.get 2))))
        (global.set $next (i32.add (local.get $at) (local.get 3)))
        (local.get $at))
      (func (export "f") (param i32) (result i32) (local.get 0)))
    (core instance $m (instantiate $m))
    (func (export "f") (param "x" (tuple (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)))) (result (tuple (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8))))
      (canon lift (core func $m "f") (memory (core memory $m "memory")) (realloc (core func $m "realloc")))))
  (component $caller
    (import "f" (func $f (param "x" (tuple (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)))) (result (tuple (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8))))))
    (core module $libc
      (memory (export "memory") 4)
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
      (func (export "f") (param i32) (result i32)
        (local $out i32)
        (local.set $out (call $realloc (i32.const 0) (i32.const 0) (i32.const 8) (i32.const 4096)))
        (call $f (local.get 0) (local.get $out))
        (local.get $out)))
    (core instance $m (instantiate $m
      (with "libc" (instance $libc))
      (with "" (instance (export "f" (func $f))))))
    (func (export "f") (param "x" (tuple (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)))) (result (tuple (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8)) (result string (error u8))))
      (canon lift (core func $m "f") (memory (core memory $libc "memory")) (realloc (core func $libc "realloc")))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller (with "f" (func $a "f"))))
  (export "f" (func $b "f")))

(component instance $i $C)

(assert_return (invoke "f" (tuple.const (result.err (u8.const 0)) (result.ok (str.const "1")) (result.err (u8.const 2)) (result.ok (str.const "3")) (result.err (u8.const 4)) (result.ok (str.const "5")) (result.err (u8.const 6)) (result.ok (str.const "7")) (result.err (u8.const 8)) (result.ok (str.const "9")) (result.err (u8.const 10)) (result.ok (str.const "11")) (result.err (u8.const 12)) (result.ok (str.const "13")) (result.err (u8.const 14)) (result.ok (str.const "15")) (result.err (u8.const 16)) (result.ok (str.const "17")))) (tuple.const (result.err (u8.const 0)) (result.ok (str.const "1")) (result.err (u8.const 2)) (result.ok (str.const "3")) (result.err (u8.const 4)) (result.ok (str.const "5")) (result.err (u8.const 6)) (result.ok (str.const "7")) (result.err (u8.const 8)) (result.ok (str.const "9")) (result.err (u8.const 10)) (result.ok (str.const "11")) (result.err (u8.const 12)) (result.ok (str.const "13")) (result.err (u8.const 14)) (result.ok (str.const "15")) (result.err (u8.const 16)) (result.ok (str.const "17"))))
