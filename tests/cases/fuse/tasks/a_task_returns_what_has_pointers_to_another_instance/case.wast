;; The string is moved when the callee returns it. What the callee writes afterwards, the caller does not
;; see.
(component
  (component $callee
    (core module $libc (memory (export "memory") 1) (data (i32.const 0) "hello"))
    (core instance $libc (instantiate $libc))
    (core func $return
      (canon task.return (result string) (memory (core memory $libc "memory"))))
    (core module $m
      (import "" "memory" (memory 1))
      (import "" "return" (func $return (param i32 i32)))
      (func (export "f")
        (call $return (i32.const 0) (i32.const 5))
        (i32.store8 (i32.const 0) (i32.const 0x6a))))
    (core instance $m (instantiate $m (with "" (instance
      (export "memory" (memory $libc "memory")) (export "return" (func $return))))))
    (func (export "f") async (result string)
      (canon lift (core func $m "f") async (memory (core memory $libc "memory")))))
  (component $caller
    (import "f" (func $f async (result string)))
    (core module $libc
      (memory (export "memory") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 64)))
    (core instance $libc (instantiate $libc))
    (core func $f (canon lower (func $f) async
      (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
    (core module $m
      (import "" "memory" (memory 1))
      (import "" "f" (func $f (param i32) (result i32)))
      (func (export "run") (result i32)
        (if (i32.ne (call $f (i32.const 8)) (i32.const 2)) (then unreachable))
        (i32.const 8)))
    (core instance $m (instantiate $m (with "" (instance
      (export "memory" (memory $libc "memory")) (export "f" (func $f))))))
    (func (export "run") (result string)
      (canon lift (core func $m "run") (memory (core memory $libc "memory")))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller (with "f" (func $a "f"))))
  (export "run" (func $b "run")))

(assert_return (invoke "run") (str.const "hello"))
(assert_return (invoke "run") (str.const "jello"))
