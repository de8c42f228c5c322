;; An exception leaves neither of the functions that a crossing calls besides the callee.

(component definition $C
  (component $callee
    (core module $m
      (memory (export "memory") 1)
      (func $realloc (export "realloc") (param i32 i32 i32 i32) (result i32)
        (if (i32.eq (local.get 3) (i32.const 4)) (then (throw $thrown)))
        (i32.const 64))
      (tag $thrown)
      (func (export "f") (param i32 i32) (result i32) (local.get 1))
      (func $post (export "post") (param i32) (if (i32.eq (local.get 0) (i32.const 5)) (then (throw $thrown)))))
    (core instance $m (instantiate $m))
    (func (export "f") (param "x" string) (result u32)
      (canon lift (core func $m "f") (memory (core memory $m "memory")) (realloc (core func $m "realloc")) (post-return (core func $m "post")))))
  (component $caller
    (import "f" (func $f (param "x" string) (result u32)))
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
      (import "" "f" (func $f (param i32 i32) (result i32)))
      (func (export "raw") (param i32) (result i32)
        (block $caught
          (return (try_table (result i32) (catch_all $caught) (call $f (i32.const 0) (local.get 0)))))
        (i32.const 99)))
    (core instance $m (instantiate $m
      (with "libc" (instance $libc))
      (with "" (instance (export "f" (func $f))))))
    (func (export "raw") (param "x" u32) (result u32) (canon lift (core func $m "raw"))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller (with "f" (func $a "f"))))
  (export "raw" (func $b "raw")))

(component instance $i $C)

(assert_return (invoke "raw" (u32.const 3)) (u32.const 3))

(component instance $i $C)
(assert_trap (invoke "raw" (u32.const 4)) "uncaught exception propagated out of component")

(component instance $i $C)
(assert_trap (invoke "raw" (u32.const 5)) "uncaught exception propagated out of component")
