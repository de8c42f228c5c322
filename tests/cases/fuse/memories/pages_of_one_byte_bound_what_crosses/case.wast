;; Memories whose pages have one byte end anywhere: what crosses ends there, too, and not after it.

(component definition $C
  (component $callee
    (core module $m
      (memory (export "memory") 100 (pagesize 1))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32)
        (i32.sub (i32.const 100) (local.get 3)))
      (func (export "f") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))
    (core instance $m (instantiate $m))
    (func (export "f") (param "x" string) (result u32)
      (canon lift (core func $m "f")
        (memory (core memory $m "memory")) (realloc (core func $m "realloc")))))
  (component $caller
    (import "f" (func $f (param "x" string) (result u32)))
    (core module $libc (memory (export "memory") 77 (pagesize 1)))
    (core instance $libc (instantiate $libc))
    (core func $utf8 (canon lower (func $f) (memory (core memory $libc "memory"))))
    (core func $utf16
      (canon lower (func $f) string-encoding=utf16 (memory (core memory $libc "memory"))))
    (core module $m
      (import "" "utf8" (func $utf8 (param i32 i32) (result i32)))
      (import "" "utf16" (func $utf16 (param i32 i32) (result i32)))
      (func (export "utf8") (param i32 i32) (result i32) (call $utf8 (local.get 0) (local.get 1)))
      (func (export "utf16") (param i32 i32) (result i32)
        (call $utf16 (local.get 0) (local.get 1))))
    (core instance $m (instantiate $m (with "" (instance
      (export "utf8" (func $utf8)) (export "utf16" (func $utf16))))))
    (func (export "utf8") (param "at" u32) (param "length" u32) (result u32)
      (canon lift (core func $m "utf8")))
    (func (export "utf16") (param "at" u32) (param "length" u32) (result u32)
      (canon lift (core func $m "utf16"))))
  (instance $callee (instantiate $callee))
  (instance $caller (instantiate $caller (with "f" (func $callee "f"))))
  (export "utf8" (func $caller "utf8"))
  (export "utf16" (func $caller "utf16")))

(component instance $i $C)
(assert_return (invoke "utf8" (u32.const 70) (u32.const 7)) (u32.const 100))
(assert_return (invoke "utf8" (u32.const 0) (u32.const 77)) (u32.const 100))
(assert_return (invoke "utf16" (u32.const 70) (u32.const 3)) (u32.const 100))
(component instance $i $C)
(assert_trap (invoke "utf8" (u32.const 70) (u32.const 8)) "string content out-of-bounds")
(component instance $i $C)
(assert_trap (invoke "utf16" (u32.const 70) (u32.const 4)) "string content out-of-bounds")
