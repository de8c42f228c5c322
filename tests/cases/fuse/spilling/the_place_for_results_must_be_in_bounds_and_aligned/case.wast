;; The caller passes a pointer to where it wants results that are more than one core value.

(component definition $C
  (component $callee
    (core module $m
      (memory (export "memory") 1)
      (global $next (mut i32) (i32.const 1024))
      (func $realloc (export "realloc") (param i32 i32 i32 i32) (result i32)
        (local $at i32)
        (local.set $at
          (i32.and
            (i32.add (global.get $next) (i32.sub (local.get 2) (i32.const 1)))
            (i32.sub (i32.const 0) (local.get 2))))
        (global.set $next (i32.add (local.get $at) (local.get 3)))
        (local.get $at))
      (func (export "f") (param i32) (result i32)
        (if (i32.le_u (local.get 0) (i32.const 0xfff8))
          (then
            (i32.store (local.get 0) (i32.const 30))
            (i32.store offset=4 (local.get 0) (i32.const 12))))
        (local.get 0)))
    (core instance $m (instantiate $m))
    (func (export "f") (param "at" u32) (result (tuple u32 u32))
      (canon lift (core func $m "f") (memory (core memory $m "memory")) (realloc (core func $m "realloc")))))
  (component $caller
    (import "f" (func $f (param "at" u32) (result (tuple u32 u32))))
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
      (import "" "f" (func $f (param i32 i32)))
      (func (export "raw") (param i32) (result i32)
        (call $f (i32.const 0) (local.get 0))
        (i32.add (i32.load (local.get 0)) (i32.load offset=4 (local.get 0)))))
    (core instance $m (instantiate $m
      (with "libc" (instance $libc))
      (with "" (instance (export "f" (func $f))))))
    (func (export "raw") (param "at" u32) (result u32) (canon lift (core func $m "raw"))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller (with "f" (func $a "f"))))
  (export "raw" (func $b "raw")))

(component instance $i $C)

(assert_return (invoke "raw" (u32.const 0)) (u32.const 42))

(assert_return (invoke "raw" (u32.const 0xfff8)) (u32.const 42))

(component instance $i $C)
(assert_trap (invoke "raw" (u32.const 0xfffc)) "out of bounds memory access")

(component instance $i $C)
(assert_trap (invoke "raw" (u32.const 1)) "unaligned pointer")

(component instance $i $C)
(assert_trap (invoke "raw" (u32.const 2)) "unaligned pointer")

(component instance $i $C)
(assert_trap (invoke "raw" (u32.const 0xfffffff8)) "out of bounds memory access")
