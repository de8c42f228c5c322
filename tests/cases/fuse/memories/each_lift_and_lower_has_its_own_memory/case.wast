;; A component may have several memories: each function names the one that its pointers refer
;; to.

(component definition $C
  (component $callee
    (core module $m
      (memory (export "memory") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 64))
      (func (export "first") (param i32 i32) (result i32) (i32.load8_u (local.get 0))))
    (core instance $one (instantiate $m))
    (core instance $two (instantiate $m))
    (func (export "one") (param "x" string) (result u32) (canon lift (core func $one "first") (memory (core memory $one "memory")) (realloc (core func $one "realloc"))))
    (func (export "two") (param "x" string) (result u32) (canon lift (core func $two "first") (memory (core memory $two "memory")) (realloc (core func $two "realloc"))))
    ;; the function of one instance reads the other's memory: nothing has been written there
    (func (export "crossed") (param "x" string) (result u32) (canon lift (core func $two "first") (memory (core memory $one "memory")) (realloc (core func $one "realloc")))))
  (component $caller
    (import "one" (func $one (param "x" string) (result u32)))
    (import "two" (func $two (param "x" string) (result u32)))
    (import "crossed" (func $crossed (param "x" string) (result u32)))
    (core module $libc
      (memory (export "memory") 1)
      (memory (export "other") 1)
      (data (memory 0) (i32.const 0) "a")
      (data (memory 1) (i32.const 0) "b"))
    (core instance $libc (instantiate $libc))
    (core func $one (canon lower (func $one) (memory (core memory $libc "memory"))))
    (core func $two (canon lower (func $two) (memory (core memory $libc "other"))))
    (core func $crossed (canon lower (func $crossed) (memory (core memory $libc "other"))))
    (core module $m
      (import "" "one" (func $one (param i32 i32) (result i32)))
      (import "" "two" (func $two (param i32 i32) (result i32)))
      (import "" "crossed" (func $crossed (param i32 i32) (result i32)))
      (func (export "one") (result i32) (call $one (i32.const 0) (i32.const 1)))
      (func (export "two") (result i32) (call $two (i32.const 0) (i32.const 1)))
      (func (export "crossed") (result i32) (call $crossed (i32.const 0) (i32.const 1))))
    (core instance $m (instantiate $m (with "" (instance
      (export "one" (func $one)) (export "two" (func $two)) (export "crossed" (func $crossed))))))
    (func (export "one") (result u32) (canon lift (core func $m "one")))
    (func (export "two") (result u32) (canon lift (core func $m "two")))
    (func (export "crossed") (result u32) (canon lift (core func $m "crossed"))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller
    (with "one" (func $a "one")) (with "two" (func $a "two")) (with "crossed" (func $a "crossed"))))
  (export "one" (func $b "one"))
  (export "two" (func $b "two"))
  (export "crossed" (func $b "crossed")))

(component instance $i $C)

(assert_return (invoke "crossed") (u32.const 0))

(assert_return (invoke "one") (u32.const 97))

(assert_return (invoke "two") (u32.const 98))

(assert_return (invoke "crossed") (u32.const 98))
