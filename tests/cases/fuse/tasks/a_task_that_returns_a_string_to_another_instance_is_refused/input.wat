;; The string could change between the return and the end of the task.
(component
  (component $callee
    (core module $libc (memory (export "memory") 1))
    (core instance $libc (instantiate $libc))
    (core func $return
      (canon task.return (result string) (memory (core memory $libc "memory"))))
    (core module $m
      (import "" "return" (func $return (param i32 i32)))
      (func (export "f") (call $return (i32.const 0) (i32.const 5))))
    (core instance $m (instantiate $m (with "" (instance (export "return" (func $return))))))
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
      (import "" "f" (func $f (param i32) (result i32)))
      (func (export "run") (drop (call $f (i32.const 0)))))
    (core instance $m (instantiate $m (with "" (instance (export "f" (func $f))))))
    (func (export "run") (canon lift (core func $m "run"))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller (with "f" (func $a "f"))))
  (export "run" (func $b "run")))
