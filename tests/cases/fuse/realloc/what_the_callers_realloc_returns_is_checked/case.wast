;; Results are allocated by the caller, under the same rules as parameters by the callee.

(component definition $String
  (component $callee
    (core module $m
      (memory (export "memory") 1)

      (data (i32.const 16) "\00\00\00\00\04\00\00\00")
      (func (export "f") (result i32) (i32.const 16)))
    (core instance $m (instantiate $m))
    (func (export "f") (result string)
      (canon lift (core func $m "f") (memory (core memory $m "memory")))))
  (component $caller
    (import "f" (func $f (result string)))
    (core module $libc
      (memory (export "memory") 1)
      (global $answer (mut i32) (i32.const 0))
      (func $realloc (export "realloc") (param i32 i32 i32 i32) (result i32) (global.get $answer))
      (func (export "answer") (param i32) (global.set $answer (local.get 0))))
    (core instance $libc (instantiate $libc))
    (core func $f (canon lower (func $f) (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
    (core module $m
      (import "libc" "memory" (memory 1))
      (import "libc" "realloc" (func $realloc (param i32 i32 i32 i32) (result i32)))
      (import "libc" "answer" (func $answer (param i32)))
      (import "" "f" (func $f (param i32)))
      (func (export "raw") (param i32) (result i32)
        (call $answer (local.get 0))
        (call $f (i32.const 32))
        (i32.load (i32.const 32))))
    (core instance $m (instantiate $m
      (with "libc" (instance $libc))
      (with "" (instance (export "f" (func $f))))))
    (func (export "raw") (param "answer" u32) (result u32) (canon lift (core func $m "raw"))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller (with "f" (func $a "f"))))
  (export "raw" (func $b "raw")))

(component instance $i $String)

(assert_return (invoke "raw" (u32.const 0xfffc)) (u32.const 0xfffc))

(assert_return (invoke "raw" (u32.const 1)) (u32.const 1))

(component instance $i $String)
(assert_trap (invoke "raw" (u32.const 0xfffd)) "string content out-of-bounds")

(component instance $i $String)
(assert_trap (invoke "raw" (u32.const 0xffffffff)) "string content out-of-bounds")

(component definition $List
  (component $callee
    (core module $m
      (memory (export "memory") 1)

      (data (i32.const 16) "\00\00\00\00\04\00\00\00")
      (func (export "f") (result i32) (i32.const 16)))
    (core instance $m (instantiate $m))
    (func (export "f") (result (list u16))
      (canon lift (core func $m "f") (memory (core memory $m "memory")))))
  (component $caller
    (import "f" (func $f (result (list u16))))
    (core module $libc
      (memory (export "memory") 1)
      (global $answer (mut i32) (i32.const 0))
      (func $realloc (export "realloc") (param i32 i32 i32 i32) (result i32) (global.get $answer))
      (func (export "answer") (param i32) (global.set $answer (local.get 0))))
    (core instance $libc (instantiate $libc))
    (core func $f (canon lower (func $f) (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
    (core module $m
      (import "libc" "memory" (memory 1))
      (import "libc" "realloc" (func $realloc (param i32 i32 i32 i32) (result i32)))
      (import "libc" "answer" (func $answer (param i32)))
      (import "" "f" (func $f (param i32)))
      (func (export "raw") (param i32) (result i32)
        (call $answer (local.get 0))
        (call $f (i32.const 32))
        (i32.load (i32.const 32))))
    (core instance $m (instantiate $m
      (with "libc" (instance $libc))
      (with "" (instance (export "f" (func $f))))))
    (func (export "raw") (param "answer" u32) (result u32) (canon lift (core func $m "raw"))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller (with "f" (func $a "f"))))
  (export "raw" (func $b "raw")))

(component instance $i $List)

(assert_return (invoke "raw" (u32.const 0xfff8)) (u32.const 0xfff8))

(component instance $i $List)
(assert_trap (invoke "raw" (u32.const 0xfffa)) "list content out-of-bounds")

(component instance $i $List)
(assert_trap (invoke "raw" (u32.const 3)) "unaligned pointer")
