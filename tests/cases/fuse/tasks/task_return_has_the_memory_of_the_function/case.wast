;; `task.return` has the options with which its function is lifted: the memory, too, where a result
;; needs none. The engine does without, and compares memories only where both have one.

(component definition $C
  (component $callee
    (core module $libc
      (memory (export "memory") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 8)))
    (core instance $libc (instantiate $libc))
    (core func $return (canon task.return (result u32) (memory (core memory $libc "memory"))))
    (core func $return-without (canon task.return (result u32)))
    (core module $m
      (import "" "return" (func $return (param i32)))
      (import "" "return-without" (func $return-without (param i32)))
      (func (export "length") (param i32 i32) (call $return (local.get 1)))
      (func (export "length-without") (param i32 i32) (call $return-without (local.get 1))))
    (core instance $m (instantiate $m (with "" (instance
      (export "return" (func $return)) (export "return-without" (func $return-without))))))
    (func (export "length") async (param "x" string) (result u32)
      (canon lift (core func $m "length") async
        (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
    (func (export "length-without") async (param "x" string) (result u32)
      (canon lift (core func $m "length-without") async
        (memory (core memory $libc "memory")) (realloc (core func $libc "realloc")))))
  (component $caller
    (import "length" (func $length async (param "x" string) (result u32)))
    (import "length-without" (func $length-without async (param "x" string) (result u32)))
    (core module $libc (memory (export "memory") 1) (data (i32.const 16) "hello"))
    (core instance $libc (instantiate $libc))
    (core func $length
      (canon lower (func $length) async (memory (core memory $libc "memory"))))
    (core func $length-without
      (canon lower (func $length-without) async (memory (core memory $libc "memory"))))
    (core module $m
      (import "" "memory" (memory 1))
      (import "" "length" (func $length (param i32 i32 i32) (result i32)))
      (import "" "length-without" (func $length-without (param i32 i32 i32) (result i32)))
      (func (export "length") (result i32)
        (drop (call $length (i32.const 16) (i32.const 5) (i32.const 0)))
        (i32.load (i32.const 0)))
      (func (export "length-without") (result i32)
        (drop (call $length-without (i32.const 16) (i32.const 5) (i32.const 0)))
        (i32.load (i32.const 0))))
    (core instance $m (instantiate $m (with "" (instance
      (export "memory" (memory $libc "memory"))
      (export "length" (func $length)) (export "length-without" (func $length-without))))))
    (func (export "length") (result u32) (canon lift (core func $m "length")))
    (func (export "length-without") (result u32) (canon lift (core func $m "length-without"))))
  (instance $callee (instantiate $callee))
  (instance $caller (instantiate $caller
    (with "length" (func $callee "length"))
    (with "length-without" (func $callee "length-without"))))
  (export "length" (func $caller "length"))
  (export "length-without" (func $caller "length-without")))

(component instance $i $C)
(assert_return (invoke "length") (u32.const 5))
(assert_trap (invoke "length-without") "") ;; as specified
