;; Continuations alone, overlong forms, surrogates, what lies above U+10FFFF, and sequences that
;; are cut off or broken, by themselves.

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
      (func (export "f") (param i32 i32) (result i32)
        (i32.store (i32.const 16) (local.get 0))
        (i32.store (i32.const 20) (local.get 1))
        (i32.const 16)))
    (core instance $m (instantiate $m))
    (func (export "f") (param "x" string) (result string)
      (canon lift (core func $m "f") (memory (core memory $m "memory")) (realloc (core func $m "realloc")))))
  (component $caller
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
    (core func $f (canon lower (func $f) (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
    (core module $m
      (import "libc" "memory" (memory 1))
      (import "libc" "realloc" (func $realloc (param i32 i32 i32 i32) (result i32)))
      (import "" "f" (func $f (param i32 i32 i32)))
      (func (export "echo") (param i32 i32) (result i32)
        (call $f (local.get 0) (local.get 1) (i32.const 16))
        (i32.const 16)))
    (core instance $m (instantiate $m
      (with "libc" (instance $libc))
      (with "" (instance (export "f" (func $f))))))
    (func (export "echo") (param "bytes" (list u8)) (result string)
      (canon lift (core func $m "echo") (memory (core memory $libc "memory")) (realloc (core func $libc "realloc")))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller (with "f" (func $a "f"))))
  (export "echo" (func $b "echo")))

(component instance $i $C)
(assert_trap (invoke "echo" (list.const (u8.const 128))) "invalid utf8 encoding")

(component instance $i $C)
(assert_trap (invoke "echo" (list.const (u8.const 191))) "invalid utf8 encoding")

(component instance $i $C)
(assert_trap (invoke "echo" (list.const (u8.const 192) (u8.const 128))) "invalid utf8 encoding")

(component instance $i $C)
(assert_trap (invoke "echo" (list.const (u8.const 193) (u8.const 191))) "invalid utf8 encoding")

(component instance $i $C)
(assert_trap (invoke "echo" (list.const (u8.const 194))) "invalid utf8 encoding")

(component instance $i $C)
(assert_trap (invoke "echo" (list.const (u8.const 194) (u8.const 32))) "invalid utf8 encoding")

(component instance $i $C)
(assert_trap (invoke "echo" (list.const (u8.const 194) (u8.const 194))) "invalid utf8 encoding")

(component instance $i $C)
(assert_trap (invoke "echo" (list.const (u8.const 224) (u8.const 159) (u8.const 191))) "invalid utf8 encoding")

(component instance $i $C)
(assert_trap (invoke "echo" (list.const (u8.const 224) (u8.const 160))) "invalid utf8 encoding")

(component instance $i $C)
(assert_trap (invoke "echo" (list.const (u8.const 225) (u8.const 128))) "invalid utf8 encoding")

(component instance $i $C)
(assert_trap (invoke "echo" (list.const (u8.const 225) (u8.const 128) (u8.const 65))) "invalid utf8 encoding")

(component instance $i $C)
(assert_trap (invoke "echo" (list.const (u8.const 225) (u8.const 127) (u8.const 128))) "invalid utf8 encoding")

(component instance $i $C)
(assert_trap (invoke "echo" (list.const (u8.const 237) (u8.const 160) (u8.const 128))) "invalid utf8 encoding")

(component instance $i $C)
(assert_trap (invoke "echo" (list.const (u8.const 237) (u8.const 191) (u8.const 191))) "invalid utf8 encoding")

(component instance $i $C)
(assert_trap (invoke "echo" (list.const (u8.const 239) (u8.const 191))) "invalid utf8 encoding")

(component instance $i $C)
(assert_trap (invoke "echo" (list.const (u8.const 240) (u8.const 143) (u8.const 191) (u8.const 191))) "invalid utf8 encoding")

(component instance $i $C)
(assert_trap (invoke "echo" (list.const (u8.const 240) (u8.const 144) (u8.const 128))) "invalid utf8 encoding")

(component instance $i $C)
(assert_trap (invoke "echo" (list.const (u8.const 240) (u8.const 144) (u8.const 128) (u8.const 65))) "invalid utf8 encoding")

(component instance $i $C)
(assert_trap (invoke "echo" (list.const (u8.const 240) (u8.const 144) (u8.const 65) (u8.const 128))) "invalid utf8 encoding")

(component instance $i $C)
(assert_trap (invoke "echo" (list.const (u8.const 244) (u8.const 144) (u8.const 128) (u8.const 128))) "invalid utf8 encoding")

(component instance $i $C)
(assert_trap (invoke "echo" (list.const (u8.const 245) (u8.const 128) (u8.const 128) (u8.const 128))) "invalid utf8 encoding")

(component instance $i $C)
(assert_trap (invoke "echo" (list.const (u8.const 248) (u8.const 136) (u8.const 128) (u8.const 128) (u8.const 128))) "invalid utf8 encoding")

(component instance $i $C)
(assert_trap (invoke "echo" (list.const (u8.const 254))) "invalid utf8 encoding")

(component instance $i $C)
(assert_trap (invoke "echo" (list.const (u8.const 255))) "invalid utf8 encoding")
