;; Beyond the memory, around its end and back, or misaligned: whatever a realloc returns in 64 bits is
;; checked before anything is written there.

(component definition $C
  (component $callee
    (core module $m
      (memory (export "memory") i64 1)
      (global $next (mut i64) (i64.const 64))
      (func (export "realloc") (param i64 i64 i64 i64) (result i64) (global.get $next))
      (func (export "next") (param i64) (global.set $next (local.get 0)))
      (func (export "f") (param i64 i64) (result i32) (i32.load8_u (local.get 0))))
    (core instance $m (instantiate $m))
    (func (export "next") (param "at" u64) (canon lift (core func $m "next")))
    (func (export "string") (param "x" string) (result u32)
      (canon lift (core func $m "f")
        (memory (core memory $m "memory")) (realloc (core func $m "realloc"))))
    (func (export "utf16") (param "x" string) (result u32)
      (canon lift (core func $m "f") string-encoding=utf16
        (memory (core memory $m "memory")) (realloc (core func $m "realloc"))))
    (func (export "units") (param "x" (list u32)) (result u32)
      (canon lift (core func $m "f")
        (memory (core memory $m "memory")) (realloc (core func $m "realloc")))))
  (component $caller
    (import "string" (func $string (param "x" string) (result u32)))
    (import "utf16" (func $utf16 (param "x" string) (result u32)))
    (import "units" (func $units (param "x" (list u32)) (result u32)))
    (core module $libc (memory (export "memory") 1) (data (i32.const 16) "abcdefgh"))
    (core instance $libc (instantiate $libc))
    (core func $string (canon lower (func $string) (memory (core memory $libc "memory"))))
    (core func $utf16 (canon lower (func $utf16) (memory (core memory $libc "memory"))))
    (core func $units (canon lower (func $units) (memory (core memory $libc "memory"))))
    (core module $m
      (type $take (func (param i32 i32) (result i32)))
      (import "" "string" (func $string (type $take)))
      (import "" "utf16" (func $utf16 (type $take)))
      (import "" "units" (func $units (type $take)))
      (func (export "string") (result i32) (call $string (i32.const 16) (i32.const 8)))
      (func (export "utf16") (result i32) (call $utf16 (i32.const 16) (i32.const 8)))
      (func (export "units") (result i32) (call $units (i32.const 16) (i32.const 2))))
    (core instance $m (instantiate $m (with "" (instance
      (export "string" (func $string))
      (export "utf16" (func $utf16))
      (export "units" (func $units))))))
    (func (export "string") (result u32) (canon lift (core func $m "string")))
    (func (export "utf16") (result u32) (canon lift (core func $m "utf16")))
    (func (export "units") (result u32) (canon lift (core func $m "units"))))
  (instance $callee (instantiate $callee))
  (instance $caller (instantiate $caller
    (with "string" (func $callee "string"))
    (with "utf16" (func $callee "utf16"))
    (with "units" (func $callee "units"))))
  (export "next" (func $callee "next"))
  (export "string" (func $caller "string"))
  (export "utf16" (func $caller "utf16"))
  (export "units" (func $caller "units")))

(component instance $i $C)
(assert_return (invoke "next" (u64.const 65520)))
(assert_return (invoke "string") (u32.const 97))
(assert_return (invoke "utf16") (u32.const 97))
(assert_return (invoke "units") (u32.const 97))

(component instance $i $C)
(assert_return (invoke "next" (u64.const 65529)))
(assert_trap (invoke "string") "string content out-of-bounds")

(component instance $i $C)
(assert_return (invoke "next" (u64.const 0x1_0000_0000)))
(assert_trap (invoke "string") "string content out-of-bounds")

(component instance $i $C)
(assert_return (invoke "next" (u64.const 0xffff_ffff_ffff_fffc)))
(assert_trap (invoke "string") "string content out-of-bounds")

(component instance $i $C)
(assert_return (invoke "next" (u64.const 0xffff_ffff_ffff_fffc)))
(assert_trap (invoke "utf16") "string content out-of-bounds")

(component instance $i $C)
(assert_return (invoke "next" (u64.const 65521)))
(assert_trap (invoke "utf16") "unaligned pointer")

(component instance $i $C)
(assert_return (invoke "next" (u64.const 0x1_0000_0000)))
(assert_trap (invoke "units") "list content out-of-bounds")

(component instance $i $C)
(assert_return (invoke "next" (u64.const 0xffff_ffff_ffff_fffc)))
(assert_trap (invoke "units") "list content out-of-bounds")

(component instance $i $C)
(assert_return (invoke "next" (u64.const 66)))
(assert_trap (invoke "units") "unaligned pointer")
