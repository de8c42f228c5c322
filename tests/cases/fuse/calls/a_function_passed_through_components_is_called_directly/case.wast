;; Components that import a function and export it again do nothing, and nothing is left of
;; them.

(component definition $C
  (component $echo
    (core module $m
      (memory (export "memory") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
      (func (export "f") (param i32 i32) (result i32)
        (i32.store (i32.const 16) (local.get 0))
        (i32.store (i32.const 20) (local.get 1))
        (i32.const 16)))
    (core instance $m (instantiate $m))
    (func (export "f") (param "x" string) (result string)
      (canon lift (core func $m "f") (memory (core memory $m "memory")) (realloc (core func $m "realloc")))))
  (component $pass
    (import "f" (func $f (param "x" string) (result string)))
    (instance $bag (export "f" (func $f)))
    (export "f" (func $f))
    (export "bag" (instance $bag)))
  (component $pass-again
    (import "bag" (instance $bag (export "f" (func (param "x" string) (result string)))))
    (export "f" (func $bag "f")))
  (component $caller
    (import "f" (func $f (param "x" string) (result string)))
    (core module $libc
      (memory (export "memory") 1)
      (global $next (mut i32) (i32.const 1024))
      (func $realloc (export "realloc") (param i32 i32 i32 i32) (result i32)
        (local $at i32)
        (local.set $at
          (i32.and
            (i32.add (global.get $next) (i32.sub (local.get 2) (i32.const 1)))
            (i32.sub (i32.const 0) (local.get 2))))
        (global.set $next (i32.add (local.get $at) (local.get 3)))
        (local.get $at)))
    (core instance $libc (instantiate $libc))
    (core func $f (canon lower (func $f) (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
    (core module $m
      (import "libc" "memory" (memory 1))
      (import "libc" "realloc" (func $realloc (param i32 i32 i32 i32) (result i32)))
      (import "" "f" (func $f (param i32 i32 i32)))
      (func (export "raw") (param i32 i32) (result i32)
        (call $f (local.get 0) (local.get 1) (i32.const 16))
        (i32.const 16)))
    (core instance $m (instantiate $m
      (with "libc" (instance $libc))
      (with "" (instance (export "f" (func $f))))))
    (func (export "raw") (param "x" string) (result string)
      (canon lift (core func $m "raw") (memory (core memory $libc "memory")) (realloc (core func $libc "realloc")))))
  (instance $echo (instantiate $echo))
  (instance $p (instantiate $pass (with "f" (func $echo "f"))))
  (instance $q (instantiate $pass-again (with "bag" (instance $p "bag"))))
  (instance $caller (instantiate $caller (with "f" (func $q "f"))))
  (export "raw" (func $caller "raw"))
  (export "f" (func $q "f")))

(component instance $i $C)

(assert_return (invoke "raw" (str.const "through")) (str.const "through"))

(assert_return (invoke "f" (str.const "out")) (str.const "out"))
