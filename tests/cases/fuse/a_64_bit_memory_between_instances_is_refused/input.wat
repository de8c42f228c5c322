;; Pointers of the callee have 64 bits.
(component
  (component $callee
    (core module $m
      (memory (export "memory") i64 1)
      (func (export "realloc") (param i64 i64 i64 i64) (result i64) (i64.const 64))
      (func (export "f") (param i64 i64)))
    (core instance $m (instantiate $m))
    (func (export "f") (param "x" string)
      (canon lift (core func $m "f")
        (memory (core memory $m "memory")) (realloc (core func $m "realloc")))))
  (component $caller
    (import "f" (func $f (param "x" string)))
    (core module $libc (memory (export "memory") 1))
    (core instance $libc (instantiate $libc))
    (core func $f (canon lower (func $f) (memory (core memory $libc "memory"))))
    (core module $m
      (import "" "f" (func $f (param i32 i32)))
      (func (export "run") (call $f (i32.const 0) (i32.const 1))))
    (core instance $m (instantiate $m (with "" (instance (export "f" (func $f))))))
    (func (export "run") (canon lift (core func $m "run"))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller (with "f" (func $a "f"))))
  (export "run" (func $b "run")))
