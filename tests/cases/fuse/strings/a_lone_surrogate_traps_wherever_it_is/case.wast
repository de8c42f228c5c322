;; A high surrogate without a low one, a low one without a high one, and both in the wrong order: at
;; the beginning, at the end, and behind a vector of units.

(component definition $utf16_to_utf8
  (component $callee
    (core module $m
      (memory (export "memory") 1)
      (global $next (mut i32) (i32.const 4096))
      (global $calls (mut i32) (i32.const 0))
      ;; sizes and alignments that it is called with are kept from address 68 on
      (func $realloc (export "realloc") (param i32 i32 i32 i32) (result i32)
        (local $at i32)
        (local.set $at (i32.add (i32.const 68) (i32.mul (global.get $calls) (i32.const 12))))
        (i32.store (local.get $at) (local.get 1))
        (i32.store offset=4 (local.get $at) (local.get 2))
        (i32.store offset=8 (local.get $at) (local.get 3))
        (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
        (global.set $next (i32.add (global.get $next) (i32.const 256)))
        (memory.copy (global.get $next) (local.get 0)
          (select (local.get 1) (local.get 3) (i32.lt_u (local.get 1) (local.get 3))))
        (global.get $next))
      (func (export "calls") (result i32)
        (i32.store (i32.const 48) (i32.const 64))
        (i32.store (i32.const 52) (i32.add (i32.const 1) (i32.mul (global.get $calls) (i32.const 3))))
        (global.set $calls (i32.const 0))
        (i32.const 48))
      ;; the length is kept before them
      (func (export "f") (param i32 i32) (i32.store (i32.const 64) (local.get 1))))
    (core instance $m (instantiate $m))
    (func (export "f") (param "s" string)
      (canon lift (core func $m "f") string-encoding=utf8
        (memory (core memory $m "memory")) (realloc (core func $m "realloc"))))
    (func (export "calls") (result (list u32))
      (canon lift (core func $m "calls") (memory (core memory $m "memory")))))
  (component $caller
    (import "f" (func $f (param "s" string)))
    (core module $libc
      (memory (export "memory") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024)))
    (core instance $libc (instantiate $libc))
    (core func $f (canon lower (func $f) string-encoding=utf16
      (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
    (core module $m
      (import "" "f" (func $f (param i32 i32)))
      (func (export "send") (param i32 i32 i32) (call $f (local.get 0) (local.get 2))))
    (core instance $m (instantiate $m (with "" (instance (export "f" (func $f))))))
    (func (export "send") (param "bytes" (list u8)) (param "length" u32)
      (canon lift (core func $m "send")
        (memory (core memory $libc "memory")) (realloc (core func $libc "realloc")))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller (with "f" (func $a "f"))))
  (export "send" (func $b "send"))
  (export "calls" (func $a "calls")))

(component instance $i $utf16_to_utf8)
(assert_trap (invoke "send" (list.const (u8.const 0) (u8.const 216)) (u32.const 1)) "invalid utf16 encoding")

(component instance $i $utf16_to_utf8)
(assert_trap (invoke "send" (list.const (u8.const 255) (u8.const 223)) (u32.const 1)) "invalid utf16 encoding")

(component instance $i $utf16_to_utf8)
(assert_trap (invoke "send" (list.const (u8.const 255) (u8.const 219) (u8.const 97) (u8.const 0)) (u32.const 2)) "invalid utf16 encoding")

(component instance $i $utf16_to_utf8)
(assert_trap (invoke "send" (list.const (u8.const 0) (u8.const 220) (u8.const 0) (u8.const 216)) (u32.const 2)) "invalid utf16 encoding")

(component instance $i $utf16_to_utf8)
(assert_trap (invoke "send" (list.const (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 0) (u8.const 216)) (u32.const 21)) "invalid utf16 encoding")

(component instance $i $utf16_to_utf8)
(assert_trap (invoke "send" (list.const (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 0) (u8.const 220) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0)) (u32.const 27)) "invalid utf16 encoding")

(component definition $utf16_to_utf16
  (component $callee
    (core module $m
      (memory (export "memory") 1)
      (global $next (mut i32) (i32.const 4096))
      (global $calls (mut i32) (i32.const 0))
      ;; sizes and alignments that it is called with are kept from address 68 on
      (func $realloc (export "realloc") (param i32 i32 i32 i32) (result i32)
        (local $at i32)
        (local.set $at (i32.add (i32.const 68) (i32.mul (global.get $calls) (i32.const 12))))
        (i32.store (local.get $at) (local.get 1))
        (i32.store offset=4 (local.get $at) (local.get 2))
        (i32.store offset=8 (local.get $at) (local.get 3))
        (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
        (global.set $next (i32.add (global.get $next) (i32.const 256)))
        (memory.copy (global.get $next) (local.get 0)
          (select (local.get 1) (local.get 3) (i32.lt_u (local.get 1) (local.get 3))))
        (global.get $next))
      (func (export "calls") (result i32)
        (i32.store (i32.const 48) (i32.const 64))
        (i32.store (i32.const 52) (i32.add (i32.const 1) (i32.mul (global.get $calls) (i32.const 3))))
        (global.set $calls (i32.const 0))
        (i32.const 48))
      ;; the length is kept before them
      (func (export "f") (param i32 i32) (i32.store (i32.const 64) (local.get 1))))
    (core instance $m (instantiate $m))
    (func (export "f") (param "s" string)
      (canon lift (core func $m "f") string-encoding=utf16
        (memory (core memory $m "memory")) (realloc (core func $m "realloc"))))
    (func (export "calls") (result (list u32))
      (canon lift (core func $m "calls") (memory (core memory $m "memory")))))
  (component $caller
    (import "f" (func $f (param "s" string)))
    (core module $libc
      (memory (export "memory") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024)))
    (core instance $libc (instantiate $libc))
    (core func $f (canon lower (func $f) string-encoding=utf16
      (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
    (core module $m
      (import "" "f" (func $f (param i32 i32)))
      (func (export "send") (param i32 i32 i32) (call $f (local.get 0) (local.get 2))))
    (core instance $m (instantiate $m (with "" (instance (export "f" (func $f))))))
    (func (export "send") (param "bytes" (list u8)) (param "length" u32)
      (canon lift (core func $m "send")
        (memory (core memory $libc "memory")) (realloc (core func $libc "realloc")))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller (with "f" (func $a "f"))))
  (export "send" (func $b "send"))
  (export "calls" (func $a "calls")))

(component instance $i $utf16_to_utf16)
(assert_trap (invoke "send" (list.const (u8.const 0) (u8.const 216)) (u32.const 1)) "invalid utf16 encoding")

(component instance $i $utf16_to_utf16)
(assert_trap (invoke "send" (list.const (u8.const 255) (u8.const 223)) (u32.const 1)) "invalid utf16 encoding")

(component instance $i $utf16_to_utf16)
(assert_trap (invoke "send" (list.const (u8.const 255) (u8.const 219) (u8.const 97) (u8.const 0)) (u32.const 2)) "invalid utf16 encoding")

(component instance $i $utf16_to_utf16)
(assert_trap (invoke "send" (list.const (u8.const 0) (u8.const 220) (u8.const 0) (u8.const 216)) (u32.const 2)) "invalid utf16 encoding")

(component instance $i $utf16_to_utf16)
(assert_trap (invoke "send" (list.const (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 0) (u8.const 216)) (u32.const 21)) "invalid utf16 encoding")

(component instance $i $utf16_to_utf16)
(assert_trap (invoke "send" (list.const (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 0) (u8.const 220) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0)) (u32.const 27)) "invalid utf16 encoding")

(component definition $utf16_to_compact
  (component $callee
    (core module $m
      (memory (export "memory") 1)
      (global $next (mut i32) (i32.const 4096))
      (global $calls (mut i32) (i32.const 0))
      ;; sizes and alignments that it is called with are kept from address 68 on
      (func $realloc (export "realloc") (param i32 i32 i32 i32) (result i32)
        (local $at i32)
        (local.set $at (i32.add (i32.const 68) (i32.mul (global.get $calls) (i32.const 12))))
        (i32.store (local.get $at) (local.get 1))
        (i32.store offset=4 (local.get $at) (local.get 2))
        (i32.store offset=8 (local.get $at) (local.get 3))
        (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
        (global.set $next (i32.add (global.get $next) (i32.const 256)))
        (memory.copy (global.get $next) (local.get 0)
          (select (local.get 1) (local.get 3) (i32.lt_u (local.get 1) (local.get 3))))
        (global.get $next))
      (func (export "calls") (result i32)
        (i32.store (i32.const 48) (i32.const 64))
        (i32.store (i32.const 52) (i32.add (i32.const 1) (i32.mul (global.get $calls) (i32.const 3))))
        (global.set $calls (i32.const 0))
        (i32.const 48))
      ;; the length is kept before them
      (func (export "f") (param i32 i32) (i32.store (i32.const 64) (local.get 1))))
    (core instance $m (instantiate $m))
    (func (export "f") (param "s" string)
      (canon lift (core func $m "f") string-encoding=latin1+utf16
        (memory (core memory $m "memory")) (realloc (core func $m "realloc"))))
    (func (export "calls") (result (list u32))
      (canon lift (core func $m "calls") (memory (core memory $m "memory")))))
  (component $caller
    (import "f" (func $f (param "s" string)))
    (core module $libc
      (memory (export "memory") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024)))
    (core instance $libc (instantiate $libc))
    (core func $f (canon lower (func $f) string-encoding=utf16
      (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
    (core module $m
      (import "" "f" (func $f (param i32 i32)))
      (func (export "send") (param i32 i32 i32) (call $f (local.get 0) (local.get 2))))
    (core instance $m (instantiate $m (with "" (instance (export "f" (func $f))))))
    (func (export "send") (param "bytes" (list u8)) (param "length" u32)
      (canon lift (core func $m "send")
        (memory (core memory $libc "memory")) (realloc (core func $libc "realloc")))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller (with "f" (func $a "f"))))
  (export "send" (func $b "send"))
  (export "calls" (func $a "calls")))

(component instance $i $utf16_to_compact)
(assert_trap (invoke "send" (list.const (u8.const 0) (u8.const 216)) (u32.const 1)) "invalid utf16 encoding")

(component instance $i $utf16_to_compact)
(assert_trap (invoke "send" (list.const (u8.const 255) (u8.const 223)) (u32.const 1)) "invalid utf16 encoding")

(component instance $i $utf16_to_compact)
(assert_trap (invoke "send" (list.const (u8.const 255) (u8.const 219) (u8.const 97) (u8.const 0)) (u32.const 2)) "invalid utf16 encoding")

(component instance $i $utf16_to_compact)
(assert_trap (invoke "send" (list.const (u8.const 0) (u8.const 220) (u8.const 0) (u8.const 216)) (u32.const 2)) "invalid utf16 encoding")

(component instance $i $utf16_to_compact)
(assert_trap (invoke "send" (list.const (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 0) (u8.const 216)) (u32.const 21)) "invalid utf16 encoding")

(component instance $i $utf16_to_compact)
(assert_trap (invoke "send" (list.const (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 0) (u8.const 220) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0)) (u32.const 27)) "invalid utf16 encoding")

(component definition $compact_to_utf8
  (component $callee
    (core module $m
      (memory (export "memory") 1)
      (global $next (mut i32) (i32.const 4096))
      (global $calls (mut i32) (i32.const 0))
      ;; sizes and alignments that it is called with are kept from address 68 on
      (func $realloc (export "realloc") (param i32 i32 i32 i32) (result i32)
        (local $at i32)
        (local.set $at (i32.add (i32.const 68) (i32.mul (global.get $calls) (i32.const 12))))
        (i32.store (local.get $at) (local.get 1))
        (i32.store offset=4 (local.get $at) (local.get 2))
        (i32.store offset=8 (local.get $at) (local.get 3))
        (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
        (global.set $next (i32.add (global.get $next) (i32.const 256)))
        (memory.copy (global.get $next) (local.get 0)
          (select (local.get 1) (local.get 3) (i32.lt_u (local.get 1) (local.get 3))))
        (global.get $next))
      (func (export "calls") (result i32)
        (i32.store (i32.const 48) (i32.const 64))
        (i32.store (i32.const 52) (i32.add (i32.const 1) (i32.mul (global.get $calls) (i32.const 3))))
        (global.set $calls (i32.const 0))
        (i32.const 48))
      ;; the length is kept before them
      (func (export "f") (param i32 i32) (i32.store (i32.const 64) (local.get 1))))
    (core instance $m (instantiate $m))
    (func (export "f") (param "s" string)
      (canon lift (core func $m "f") string-encoding=utf8
        (memory (core memory $m "memory")) (realloc (core func $m "realloc"))))
    (func (export "calls") (result (list u32))
      (canon lift (core func $m "calls") (memory (core memory $m "memory")))))
  (component $caller
    (import "f" (func $f (param "s" string)))
    (core module $libc
      (memory (export "memory") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024)))
    (core instance $libc (instantiate $libc))
    (core func $f (canon lower (func $f) string-encoding=latin1+utf16
      (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
    (core module $m
      (import "" "f" (func $f (param i32 i32)))
      (func (export "send") (param i32 i32 i32) (call $f (local.get 0) (local.get 2))))
    (core instance $m (instantiate $m (with "" (instance (export "f" (func $f))))))
    (func (export "send") (param "bytes" (list u8)) (param "length" u32)
      (canon lift (core func $m "send")
        (memory (core memory $libc "memory")) (realloc (core func $libc "realloc")))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller (with "f" (func $a "f"))))
  (export "send" (func $b "send"))
  (export "calls" (func $a "calls")))

(component instance $i $compact_to_utf8)
(assert_trap (invoke "send" (list.const (u8.const 0) (u8.const 216)) (u32.const 2147483649)) "invalid utf16 encoding")

(component instance $i $compact_to_utf8)
(assert_trap (invoke "send" (list.const (u8.const 255) (u8.const 223)) (u32.const 2147483649)) "invalid utf16 encoding")

(component instance $i $compact_to_utf8)
(assert_trap (invoke "send" (list.const (u8.const 255) (u8.const 219) (u8.const 97) (u8.const 0)) (u32.const 2147483650)) "invalid utf16 encoding")

(component instance $i $compact_to_utf8)
(assert_trap (invoke "send" (list.const (u8.const 0) (u8.const 220) (u8.const 0) (u8.const 216)) (u32.const 2147483650)) "invalid utf16 encoding")

(component instance $i $compact_to_utf8)
(assert_trap (invoke "send" (list.const (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 0) (u8.const 216)) (u32.const 2147483669)) "invalid utf16 encoding")

(component instance $i $compact_to_utf8)
(assert_trap (invoke "send" (list.const (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 0) (u8.const 220) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0)) (u32.const 2147483675)) "invalid utf16 encoding")

(component definition $compact_to_utf16
  (component $callee
    (core module $m
      (memory (export "memory") 1)
      (global $next (mut i32) (i32.const 4096))
      (global $calls (mut i32) (i32.const 0))
      ;; sizes and alignments that it is called with are kept from address 68 on
      (func $realloc (export "realloc") (param i32 i32 i32 i32) (result i32)
        (local $at i32)
        (local.set $at (i32.add (i32.const 68) (i32.mul (global.get $calls) (i32.const 12))))
        (i32.store (local.get $at) (local.get 1))
        (i32.store offset=4 (local.get $at) (local.get 2))
        (i32.store offset=8 (local.get $at) (local.get 3))
        (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
        (global.set $next (i32.add (global.get $next) (i32.const 256)))
        (memory.copy (global.get $next) (local.get 0)
          (select (local.get 1) (local.get 3) (i32.lt_u (local.get 1) (local.get 3))))
        (global.get $next))
      (func (export "calls") (result i32)
        (i32.store (i32.const 48) (i32.const 64))
        (i32.store (i32.const 52) (i32.add (i32.const 1) (i32.mul (global.get $calls) (i32.const 3))))
        (global.set $calls (i32.const 0))
        (i32.const 48))
      ;; the length is kept before them
      (func (export "f") (param i32 i32) (i32.store (i32.const 64) (local.get 1))))
    (core instance $m (instantiate $m))
    (func (export "f") (param "s" string)
      (canon lift (core func $m "f") string-encoding=utf16
        (memory (core memory $m "memory")) (realloc (core func $m "realloc"))))
    (func (export "calls") (result (list u32))
      (canon lift (core func $m "calls") (memory (core memory $m "memory")))))
  (component $caller
    (import "f" (func $f (param "s" string)))
    (core module $libc
      (memory (export "memory") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024)))
    (core instance $libc (instantiate $libc))
    (core func $f (canon lower (func $f) string-encoding=latin1+utf16
      (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
    (core module $m
      (import "" "f" (func $f (param i32 i32)))
      (func (export "send") (param i32 i32 i32) (call $f (local.get 0) (local.get 2))))
    (core instance $m (instantiate $m (with "" (instance (export "f" (func $f))))))
    (func (export "send") (param "bytes" (list u8)) (param "length" u32)
      (canon lift (core func $m "send")
        (memory (core memory $libc "memory")) (realloc (core func $libc "realloc")))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller (with "f" (func $a "f"))))
  (export "send" (func $b "send"))
  (export "calls" (func $a "calls")))

(component instance $i $compact_to_utf16)
(assert_trap (invoke "send" (list.const (u8.const 0) (u8.const 216)) (u32.const 2147483649)) "invalid utf16 encoding")

(component instance $i $compact_to_utf16)
(assert_trap (invoke "send" (list.const (u8.const 255) (u8.const 223)) (u32.const 2147483649)) "invalid utf16 encoding")

(component instance $i $compact_to_utf16)
(assert_trap (invoke "send" (list.const (u8.const 255) (u8.const 219) (u8.const 97) (u8.const 0)) (u32.const 2147483650)) "invalid utf16 encoding")

(component instance $i $compact_to_utf16)
(assert_trap (invoke "send" (list.const (u8.const 0) (u8.const 220) (u8.const 0) (u8.const 216)) (u32.const 2147483650)) "invalid utf16 encoding")

(component instance $i $compact_to_utf16)
(assert_trap (invoke "send" (list.const (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 0) (u8.const 216)) (u32.const 2147483669)) "invalid utf16 encoding")

(component instance $i $compact_to_utf16)
(assert_trap (invoke "send" (list.const (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 0) (u8.const 220) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0)) (u32.const 2147483675)) "invalid utf16 encoding")

(component definition $compact_to_compact
  (component $callee
    (core module $m
      (memory (export "memory") 1)
      (global $next (mut i32) (i32.const 4096))
      (global $calls (mut i32) (i32.const 0))
      ;; sizes and alignments that it is called with are kept from address 68 on
      (func $realloc (export "realloc") (param i32 i32 i32 i32) (result i32)
        (local $at i32)
        (local.set $at (i32.add (i32.const 68) (i32.mul (global.get $calls) (i32.const 12))))
        (i32.store (local.get $at) (local.get 1))
        (i32.store offset=4 (local.get $at) (local.get 2))
        (i32.store offset=8 (local.get $at) (local.get 3))
        (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
        (global.set $next (i32.add (global.get $next) (i32.const 256)))
        (memory.copy (global.get $next) (local.get 0)
          (select (local.get 1) (local.get 3) (i32.lt_u (local.get 1) (local.get 3))))
        (global.get $next))
      (func (export "calls") (result i32)
        (i32.store (i32.const 48) (i32.const 64))
        (i32.store (i32.const 52) (i32.add (i32.const 1) (i32.mul (global.get $calls) (i32.const 3))))
        (global.set $calls (i32.const 0))
        (i32.const 48))
      ;; the length is kept before them
      (func (export "f") (param i32 i32) (i32.store (i32.const 64) (local.get 1))))
    (core instance $m (instantiate $m))
    (func (export "f") (param "s" string)
      (canon lift (core func $m "f") string-encoding=latin1+utf16
        (memory (core memory $m "memory")) (realloc (core func $m "realloc"))))
    (func (export "calls") (result (list u32))
      (canon lift (core func $m "calls") (memory (core memory $m "memory")))))
  (component $caller
    (import "f" (func $f (param "s" string)))
    (core module $libc
      (memory (export "memory") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024)))
    (core instance $libc (instantiate $libc))
    (core func $f (canon lower (func $f) string-encoding=latin1+utf16
      (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
    (core module $m
      (import "" "f" (func $f (param i32 i32)))
      (func (export "send") (param i32 i32 i32) (call $f (local.get 0) (local.get 2))))
    (core instance $m (instantiate $m (with "" (instance (export "f" (func $f))))))
    (func (export "send") (param "bytes" (list u8)) (param "length" u32)
      (canon lift (core func $m "send")
        (memory (core memory $libc "memory")) (realloc (core func $libc "realloc")))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller (with "f" (func $a "f"))))
  (export "send" (func $b "send"))
  (export "calls" (func $a "calls")))

(component instance $i $compact_to_compact)
(assert_trap (invoke "send" (list.const (u8.const 0) (u8.const 216)) (u32.const 2147483649)) "invalid utf16 encoding")

(component instance $i $compact_to_compact)
(assert_trap (invoke "send" (list.const (u8.const 255) (u8.const 223)) (u32.const 2147483649)) "invalid utf16 encoding")

(component instance $i $compact_to_compact)
(assert_trap (invoke "send" (list.const (u8.const 255) (u8.const 219) (u8.const 97) (u8.const 0)) (u32.const 2147483650)) "invalid utf16 encoding")

(component instance $i $compact_to_compact)
(assert_trap (invoke "send" (list.const (u8.const 0) (u8.const 220) (u8.const 0) (u8.const 216)) (u32.const 2147483650)) "invalid utf16 encoding")

(component instance $i $compact_to_compact)
(assert_trap (invoke "send" (list.const (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 0) (u8.const 216)) (u32.const 2147483669)) "invalid utf16 encoding")

(component instance $i $compact_to_compact)
(assert_trap (invoke "send" (list.const (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 0) (u8.const 220) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 97) (u8.const 0)) (u32.const 2147483675)) "invalid utf16 encoding")
