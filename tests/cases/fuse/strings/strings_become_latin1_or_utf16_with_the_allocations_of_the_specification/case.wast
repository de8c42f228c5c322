;; From every encoding to latin1+utf16. Asserted is the length that the callee gets, and of each
;; allocation its old size, its alignment and its new size: a guess, the worst case where that is too
;; small, and what is used where that is less. The engine keeps the alignment of UTF-16 where a
;; tagged string turns out to be Latin-1; the specification does not.

(component definition $utf8
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
    (core func $f (canon lower (func $f) string-encoding=utf8
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

(component instance $i $utf8)
(invoke "send" (list.const) (u32.const 0))
(assert_return (invoke "calls") (list.const (u32.const 0) (u32.const 0) (u32.const 2) (u32.const 0)))
(invoke "send" (list.const (u8.const 112) (u8.const 108) (u8.const 97) (u8.const 105) (u8.const 110)) (u32.const 5))
(assert_return (invoke "calls") (list.const (u32.const 5) (u32.const 0) (u32.const 2) (u32.const 5)))
(invoke "send" (list.const (u8.const 100) (u8.const 195) (u8.const 169) (u8.const 106) (u8.const 195) (u8.const 160)) (u32.const 6))
(assert_return (invoke "calls") (list.const (u32.const 4) (u32.const 0) (u32.const 2) (u32.const 6) (u32.const 6) (u32.const 2) (u32.const 4)))
(invoke "send" (list.const (u8.const 97) (u8.const 226) (u8.const 130) (u8.const 172)) (u32.const 4))
(assert_return (invoke "calls") (list.const (u32.const 2147483650) (u32.const 0) (u32.const 2) (u32.const 4) (u32.const 4) (u32.const 2) (u32.const 8) (u32.const 8) (u32.const 2) (u32.const 4)))
(invoke "send" (list.const (u8.const 240) (u8.const 157) (u8.const 132) (u8.const 158)) (u32.const 4))
(assert_return (invoke "calls") (list.const (u32.const 2147483650) (u32.const 0) (u32.const 2) (u32.const 4) (u32.const 4) (u32.const 2) (u32.const 8) (u32.const 8) (u32.const 2) (u32.const 4)))
(invoke "send" (list.const (u8.const 97) (u8.const 32) (u8.const 115) (u8.const 101) (u8.const 110) (u8.const 116) (u8.const 101) (u8.const 110) (u8.const 99) (u8.const 101) (u8.const 32) (u8.const 116) (u8.const 104) (u8.const 97) (u8.const 116) (u8.const 32) (u8.const 105) (u8.const 115) (u8.const 32) (u8.const 108) (u8.const 111) (u8.const 110) (u8.const 103) (u8.const 101) (u8.const 114) (u8.const 32) (u8.const 116) (u8.const 104) (u8.const 97) (u8.const 110) (u8.const 32) (u8.const 97) (u8.const 32) (u8.const 118) (u8.const 101) (u8.const 99) (u8.const 116) (u8.const 111) (u8.const 114) (u8.const 32) (u8.const 111) (u8.const 102) (u8.const 32) (u8.const 115) (u8.const 105) (u8.const 120) (u8.const 116) (u8.const 101) (u8.const 101) (u8.const 110) (u8.const 32) (u8.const 98) (u8.const 121) (u8.const 116) (u8.const 101) (u8.const 115)) (u32.const 56))
(assert_return (invoke "calls") (list.const (u32.const 56) (u32.const 0) (u32.const 2) (u32.const 56)))
(invoke "send" (list.const (u8.const 97) (u8.const 32) (u8.const 115) (u8.const 101) (u8.const 110) (u8.const 116) (u8.const 101) (u8.const 110) (u8.const 99) (u8.const 101) (u8.const 32) (u8.const 116) (u8.const 104) (u8.const 97) (u8.const 116) (u8.const 32) (u8.const 105) (u8.const 115) (u8.const 32) (u8.const 108) (u8.const 111) (u8.const 110) (u8.const 103) (u8.const 101) (u8.const 114) (u8.const 32) (u8.const 116) (u8.const 104) (u8.const 97) (u8.const 110) (u8.const 32) (u8.const 97) (u8.const 32) (u8.const 118) (u8.const 101) (u8.const 99) (u8.const 116) (u8.const 111) (u8.const 114) (u8.const 44) (u8.const 32) (u8.const 97) (u8.const 116) (u8.const 195) (u8.const 169) (u8.const 32) (u8.const 195) (u8.const 160) (u8.const 32) (u8.const 195) (u8.const 191)) (u32.const 51))
(assert_return (invoke "calls") (list.const (u32.const 48) (u32.const 0) (u32.const 2) (u32.const 51) (u32.const 51) (u32.const 2) (u32.const 48)))
(invoke "send" (list.const (u8.const 97) (u8.const 32) (u8.const 115) (u8.const 101) (u8.const 110) (u8.const 116) (u8.const 101) (u8.const 110) (u8.const 99) (u8.const 101) (u8.const 32) (u8.const 116) (u8.const 104) (u8.const 97) (u8.const 116) (u8.const 32) (u8.const 105) (u8.const 115) (u8.const 32) (u8.const 108) (u8.const 111) (u8.const 110) (u8.const 103) (u8.const 101) (u8.const 114) (u8.const 32) (u8.const 116) (u8.const 104) (u8.const 97) (u8.const 110) (u8.const 32) (u8.const 97) (u8.const 32) (u8.const 118) (u8.const 101) (u8.const 99) (u8.const 116) (u8.const 111) (u8.const 114) (u8.const 44) (u8.const 32) (u8.const 97) (u8.const 110) (u8.const 100) (u8.const 32) (u8.const 119) (u8.const 105) (u8.const 100) (u8.const 101) (u8.const 58) (u8.const 32) (u8.const 230) (u8.const 151) (u8.const 165) (u8.const 230) (u8.const 156) (u8.const 172) (u8.const 240) (u8.const 157) (u8.const 132) (u8.const 158)) (u32.const 61))
(assert_return (invoke "calls") (list.const (u32.const 2147483703) (u32.const 0) (u32.const 2) (u32.const 61) (u32.const 61) (u32.const 2) (u32.const 122) (u32.const 122) (u32.const 2) (u32.const 110)))

(component definition $utf16
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

(component instance $i $utf16)
(invoke "send" (list.const) (u32.const 0))
(assert_return (invoke "calls") (list.const (u32.const 0) (u32.const 0) (u32.const 2) (u32.const 0)))
(invoke "send" (list.const (u8.const 112) (u8.const 0) (u8.const 108) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 105) (u8.const 0) (u8.const 110) (u8.const 0)) (u32.const 5))
(assert_return (invoke "calls") (list.const (u32.const 5) (u32.const 0) (u32.const 2) (u32.const 5)))
(invoke "send" (list.const (u8.const 100) (u8.const 0) (u8.const 233) (u8.const 0) (u8.const 106) (u8.const 0) (u8.const 224) (u8.const 0)) (u32.const 4))
(assert_return (invoke "calls") (list.const (u32.const 4) (u32.const 0) (u32.const 2) (u32.const 4)))
(invoke "send" (list.const (u8.const 97) (u8.const 0) (u8.const 172) (u8.const 32)) (u32.const 2))
(assert_return (invoke "calls") (list.const (u32.const 2147483650) (u32.const 0) (u32.const 2) (u32.const 2) (u32.const 2) (u32.const 2) (u32.const 4)))
(invoke "send" (list.const (u8.const 52) (u8.const 216) (u8.const 30) (u8.const 221)) (u32.const 2))
(assert_return (invoke "calls") (list.const (u32.const 2147483650) (u32.const 0) (u32.const 2) (u32.const 2) (u32.const 2) (u32.const 2) (u32.const 4)))
(invoke "send" (list.const (u8.const 97) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 115) (u8.const 0) (u8.const 101) (u8.const 0) (u8.const 110) (u8.const 0) (u8.const 116) (u8.const 0) (u8.const 101) (u8.const 0) (u8.const 110) (u8.const 0) (u8.const 99) (u8.const 0) (u8.const 101) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 116) (u8.const 0) (u8.const 104) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 116) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 105) (u8.const 0) (u8.const 115) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 108) (u8.const 0) (u8.const 111) (u8.const 0) (u8.const 110) (u8.const 0) (u8.const 103) (u8.const 0) (u8.const 101) (u8.const 0) (u8.const 114) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 116) (u8.const 0) (u8.const 104) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 110) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 118) (u8.const 0) (u8.const 101) (u8.const 0) (u8.const 99) (u8.const 0) (u8.const 116) (u8.const 0) (u8.const 111) (u8.const 0) (u8.const 114) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 111) (u8.const 0) (u8.const 102) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 115) (u8.const 0) (u8.const 105) (u8.const 0) (u8.const 120) (u8.const 0) (u8.const 116) (u8.const 0) (u8.const 101) (u8.const 0) (u8.const 101) (u8.const 0) (u8.const 110) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 98) (u8.const 0) (u8.const 121) (u8.const 0) (u8.const 116) (u8.const 0) (u8.const 101) (u8.const 0) (u8.const 115) (u8.const 0)) (u32.const 56))
(assert_return (invoke "calls") (list.const (u32.const 56) (u32.const 0) (u32.const 2) (u32.const 56)))
(invoke "send" (list.const (u8.const 97) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 115) (u8.const 0) (u8.const 101) (u8.const 0) (u8.const 110) (u8.const 0) (u8.const 116) (u8.const 0) (u8.const 101) (u8.const 0) (u8.const 110) (u8.const 0) (u8.const 99) (u8.const 0) (u8.const 101) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 116) (u8.const 0) (u8.const 104) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 116) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 105) (u8.const 0) (u8.const 115) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 108) (u8.const 0) (u8.const 111) (u8.const 0) (u8.const 110) (u8.const 0) (u8.const 103) (u8.const 0) (u8.const 101) (u8.const 0) (u8.const 114) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 116) (u8.const 0) (u8.const 104) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 110) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 118) (u8.const 0) (u8.const 101) (u8.const 0) (u8.const 99) (u8.const 0) (u8.const 116) (u8.const 0) (u8.const 111) (u8.const 0) (u8.const 114) (u8.const 0) (u8.const 44) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 116) (u8.const 0) (u8.const 233) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 224) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 255) (u8.const 0)) (u32.const 48))
(assert_return (invoke "calls") (list.const (u32.const 48) (u32.const 0) (u32.const 2) (u32.const 48)))
(invoke "send" (list.const (u8.const 97) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 115) (u8.const 0) (u8.const 101) (u8.const 0) (u8.const 110) (u8.const 0) (u8.const 116) (u8.const 0) (u8.const 101) (u8.const 0) (u8.const 110) (u8.const 0) (u8.const 99) (u8.const 0) (u8.const 101) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 116) (u8.const 0) (u8.const 104) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 116) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 105) (u8.const 0) (u8.const 115) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 108) (u8.const 0) (u8.const 111) (u8.const 0) (u8.const 110) (u8.const 0) (u8.const 103) (u8.const 0) (u8.const 101) (u8.const 0) (u8.const 114) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 116) (u8.const 0) (u8.const 104) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 110) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 118) (u8.const 0) (u8.const 101) (u8.const 0) (u8.const 99) (u8.const 0) (u8.const 116) (u8.const 0) (u8.const 111) (u8.const 0) (u8.const 114) (u8.const 0) (u8.const 44) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 110) (u8.const 0) (u8.const 100) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 119) (u8.const 0) (u8.const 105) (u8.const 0) (u8.const 100) (u8.const 0) (u8.const 101) (u8.const 0) (u8.const 58) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 229) (u8.const 101) (u8.const 44) (u8.const 103) (u8.const 52) (u8.const 216) (u8.const 30) (u8.const 221)) (u32.const 55))
(assert_return (invoke "calls") (list.const (u32.const 2147483703) (u32.const 0) (u32.const 2) (u32.const 55) (u32.const 55) (u32.const 2) (u32.const 110)))

(component definition $compact
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

(component instance $i $compact)
(invoke "send" (list.const) (u32.const 0))
(assert_return (invoke "calls") (list.const (u32.const 0) (u32.const 0) (u32.const 2) (u32.const 0)))
(invoke "send" (list.const) (u32.const 2147483648))
(assert_return (invoke "calls") (list.const (u32.const 0) (u32.const 0) (u32.const 2) (u32.const 0) (u32.const 0) (u32.const 1) (u32.const 0))) ;; as specified
(invoke "send" (list.const (u8.const 112) (u8.const 108) (u8.const 97) (u8.const 105) (u8.const 110)) (u32.const 5))
(assert_return (invoke "calls") (list.const (u32.const 5) (u32.const 0) (u32.const 2) (u32.const 5)))
(invoke "send" (list.const (u8.const 112) (u8.const 0) (u8.const 108) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 105) (u8.const 0) (u8.const 110) (u8.const 0)) (u32.const 2147483653))
(assert_return (invoke "calls") (list.const (u32.const 5) (u32.const 0) (u32.const 2) (u32.const 10) (u32.const 10) (u32.const 1) (u32.const 5))) ;; as specified
(invoke "send" (list.const (u8.const 100) (u8.const 233) (u8.const 106) (u8.const 224)) (u32.const 4))
(assert_return (invoke "calls") (list.const (u32.const 4) (u32.const 0) (u32.const 2) (u32.const 4)))
(invoke "send" (list.const (u8.const 100) (u8.const 0) (u8.const 233) (u8.const 0) (u8.const 106) (u8.const 0) (u8.const 224) (u8.const 0)) (u32.const 2147483652))
(assert_return (invoke "calls") (list.const (u32.const 4) (u32.const 0) (u32.const 2) (u32.const 8) (u32.const 8) (u32.const 1) (u32.const 4))) ;; as specified
(invoke "send" (list.const (u8.const 97) (u8.const 0) (u8.const 172) (u8.const 32)) (u32.const 2147483650))
(assert_return (invoke "calls") (list.const (u32.const 2147483650) (u32.const 0) (u32.const 2) (u32.const 4)))
(invoke "send" (list.const (u8.const 52) (u8.const 216) (u8.const 30) (u8.const 221)) (u32.const 2147483650))
(assert_return (invoke "calls") (list.const (u32.const 2147483650) (u32.const 0) (u32.const 2) (u32.const 4)))
(invoke "send" (list.const (u8.const 97) (u8.const 32) (u8.const 115) (u8.const 101) (u8.const 110) (u8.const 116) (u8.const 101) (u8.const 110) (u8.const 99) (u8.const 101) (u8.const 32) (u8.const 116) (u8.const 104) (u8.const 97) (u8.const 116) (u8.const 32) (u8.const 105) (u8.const 115) (u8.const 32) (u8.const 108) (u8.const 111) (u8.const 110) (u8.const 103) (u8.const 101) (u8.const 114) (u8.const 32) (u8.const 116) (u8.const 104) (u8.const 97) (u8.const 110) (u8.const 32) (u8.const 97) (u8.const 32) (u8.const 118) (u8.const 101) (u8.const 99) (u8.const 116) (u8.const 111) (u8.const 114) (u8.const 32) (u8.const 111) (u8.const 102) (u8.const 32) (u8.const 115) (u8.const 105) (u8.const 120) (u8.const 116) (u8.const 101) (u8.const 101) (u8.const 110) (u8.const 32) (u8.const 98) (u8.const 121) (u8.const 116) (u8.const 101) (u8.const 115)) (u32.const 56))
(assert_return (invoke "calls") (list.const (u32.const 56) (u32.const 0) (u32.const 2) (u32.const 56)))
(invoke "send" (list.const (u8.const 97) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 115) (u8.const 0) (u8.const 101) (u8.const 0) (u8.const 110) (u8.const 0) (u8.const 116) (u8.const 0) (u8.const 101) (u8.const 0) (u8.const 110) (u8.const 0) (u8.const 99) (u8.const 0) (u8.const 101) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 116) (u8.const 0) (u8.const 104) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 116) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 105) (u8.const 0) (u8.const 115) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 108) (u8.const 0) (u8.const 111) (u8.const 0) (u8.const 110) (u8.const 0) (u8.const 103) (u8.const 0) (u8.const 101) (u8.const 0) (u8.const 114) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 116) (u8.const 0) (u8.const 104) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 110) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 118) (u8.const 0) (u8.const 101) (u8.const 0) (u8.const 99) (u8.const 0) (u8.const 116) (u8.const 0) (u8.const 111) (u8.const 0) (u8.const 114) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 111) (u8.const 0) (u8.const 102) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 115) (u8.const 0) (u8.const 105) (u8.const 0) (u8.const 120) (u8.const 0) (u8.const 116) (u8.const 0) (u8.const 101) (u8.const 0) (u8.const 101) (u8.const 0) (u8.const 110) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 98) (u8.const 0) (u8.const 121) (u8.const 0) (u8.const 116) (u8.const 0) (u8.const 101) (u8.const 0) (u8.const 115) (u8.const 0)) (u32.const 2147483704))
(assert_return (invoke "calls") (list.const (u32.const 56) (u32.const 0) (u32.const 2) (u32.const 112) (u32.const 112) (u32.const 1) (u32.const 56))) ;; as specified
(invoke "send" (list.const (u8.const 97) (u8.const 32) (u8.const 115) (u8.const 101) (u8.const 110) (u8.const 116) (u8.const 101) (u8.const 110) (u8.const 99) (u8.const 101) (u8.const 32) (u8.const 116) (u8.const 104) (u8.const 97) (u8.const 116) (u8.const 32) (u8.const 105) (u8.const 115) (u8.const 32) (u8.const 108) (u8.const 111) (u8.const 110) (u8.const 103) (u8.const 101) (u8.const 114) (u8.const 32) (u8.const 116) (u8.const 104) (u8.const 97) (u8.const 110) (u8.const 32) (u8.const 97) (u8.const 32) (u8.const 118) (u8.const 101) (u8.const 99) (u8.const 116) (u8.const 111) (u8.const 114) (u8.const 44) (u8.const 32) (u8.const 97) (u8.const 116) (u8.const 233) (u8.const 32) (u8.const 224) (u8.const 32) (u8.const 255)) (u32.const 48))
(assert_return (invoke "calls") (list.const (u32.const 48) (u32.const 0) (u32.const 2) (u32.const 48)))
(invoke "send" (list.const (u8.const 97) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 115) (u8.const 0) (u8.const 101) (u8.const 0) (u8.const 110) (u8.const 0) (u8.const 116) (u8.const 0) (u8.const 101) (u8.const 0) (u8.const 110) (u8.const 0) (u8.const 99) (u8.const 0) (u8.const 101) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 116) (u8.const 0) (u8.const 104) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 116) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 105) (u8.const 0) (u8.const 115) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 108) (u8.const 0) (u8.const 111) (u8.const 0) (u8.const 110) (u8.const 0) (u8.const 103) (u8.const 0) (u8.const 101) (u8.const 0) (u8.const 114) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 116) (u8.const 0) (u8.const 104) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 110) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 118) (u8.const 0) (u8.const 101) (u8.const 0) (u8.const 99) (u8.const 0) (u8.const 116) (u8.const 0) (u8.const 111) (u8.const 0) (u8.const 114) (u8.const 0) (u8.const 44) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 116) (u8.const 0) (u8.const 233) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 224) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 255) (u8.const 0)) (u32.const 2147483696))
(assert_return (invoke "calls") (list.const (u32.const 48) (u32.const 0) (u32.const 2) (u32.const 96) (u32.const 96) (u32.const 1) (u32.const 48))) ;; as specified
(invoke "send" (list.const (u8.const 97) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 115) (u8.const 0) (u8.const 101) (u8.const 0) (u8.const 110) (u8.const 0) (u8.const 116) (u8.const 0) (u8.const 101) (u8.const 0) (u8.const 110) (u8.const 0) (u8.const 99) (u8.const 0) (u8.const 101) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 116) (u8.const 0) (u8.const 104) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 116) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 105) (u8.const 0) (u8.const 115) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 108) (u8.const 0) (u8.const 111) (u8.const 0) (u8.const 110) (u8.const 0) (u8.const 103) (u8.const 0) (u8.const 101) (u8.const 0) (u8.const 114) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 116) (u8.const 0) (u8.const 104) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 110) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 118) (u8.const 0) (u8.const 101) (u8.const 0) (u8.const 99) (u8.const 0) (u8.const 116) (u8.const 0) (u8.const 111) (u8.const 0) (u8.const 114) (u8.const 0) (u8.const 44) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 97) (u8.const 0) (u8.const 110) (u8.const 0) (u8.const 100) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 119) (u8.const 0) (u8.const 105) (u8.const 0) (u8.const 100) (u8.const 0) (u8.const 101) (u8.const 0) (u8.const 58) (u8.const 0) (u8.const 32) (u8.const 0) (u8.const 229) (u8.const 101) (u8.const 44) (u8.const 103) (u8.const 52) (u8.const 216) (u8.const 30) (u8.const 221)) (u32.const 2147483703))
(assert_return (invoke "calls") (list.const (u32.const 2147483703) (u32.const 0) (u32.const 2) (u32.const 110)))
