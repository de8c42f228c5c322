;; A `latin1+utf16` string in a 64-bit memory has the tag in bit 63 of its length, and a length with bit
;; 31 is too long. (The engine has it in bit 31 there, too.)

(component definition $C
  (component $callee
    (core module $m
      (memory (export "memory") i64 1)
      (func (export "realloc") (param i64 i64 i64 i64) (result i64) (i64.const 64))
      (func (export "length") (param i64 i64) (result i64) (local.get 1)))
    (core instance $m (instantiate $m))
    (func (export "length") (param "x" string) (result u64)
      (canon lift (core func $m "length") string-encoding=latin1+utf16
        (memory (core memory $m "memory")) (realloc (core func $m "realloc")))))
  (component $caller
    (import "length" (func $length (param "x" string) (result u64)))
    (core module $libc
      (memory (export "memory") i64 1)
      (data (i64.const 16) "\ac\20\e9\00"))
    (core instance $libc (instantiate $libc))
    (core func $length (canon lower (func $length) string-encoding=latin1+utf16
      (memory (core memory $libc "memory"))))
    (core module $m
      (import "" "length" (func $length (param i64 i64) (result i64)))
      (func (export "length") (param i64 i64) (result i64)
        (call $length (local.get 0) (local.get 1))))
    (core instance $m (instantiate $m (with "" (instance (export "length" (func $length))))))
    (func (export "length") (param "at" u64) (param "length" u64) (result u64)
      (canon lift (core func $m "length"))))
  (instance $callee (instantiate $callee))
  (instance $caller (instantiate $caller (with "length" (func $callee "length"))))
  (export "length" (func $caller "length")))

(component instance $i $C)
(assert_return (invoke "length" (u64.const 16) (u64.const 4)) (u64.const 4))
(assert_return (invoke "length" (u64.const 18) (u64.const 0x8000_0000_0000_0001)) (u64.const 1)) ;; as specified
(component instance $i $C)
(assert_return (invoke "length" (u64.const 16) (u64.const 0x8000_0000_0000_0002)) (u64.const 0x8000_0000_0000_0002)) ;; as specified
(component instance $i $C)
(assert_trap (invoke "length" (u64.const 16) (u64.const 0x8000_0002)) "out-of-bounds") ;; as specified
