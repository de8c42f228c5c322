;; The parameters of a callee that takes them by a pointer are allocated as one value.

(component definition $C
  (component $callee
    (core module $m
      (memory (export "memory") 1)
      (global $answer (mut i32) (i32.const 0))
      (func (export "answer") (param i32) (global.set $answer (local.get 0)))
      (func $realloc (export "realloc") (param i32 i32 i32 i32) (result i32) (global.get $answer))
      (func (export "f") (param i32) (result i32) (local.get 0)))
    (core instance $m (instantiate $m))
    (func (export "answer") (param "x" u32) (canon lift (core func $m "answer")))
    (func (export "f") (param "p0" u32) (param "p1" u32) (param "p2" u32) (param "p3" u32) (param "p4" u32) (param "p5" u32) (param "p6" u32) (param "p7" u32) (param "p8" u32) (param "p9" u32) (param "p10" u32) (param "p11" u32) (param "p12" u32) (param "p13" u32) (param "p14" u32) (param "p15" u32) (param "p16" u32) (result u32)
      (canon lift (core func $m "f") (memory (core memory $m "memory")) (realloc (core func $m "realloc")))))
  (component $caller
    (import "answer" (func $answer (param "x" u32)))
    (import "f" (func $f (param "p0" u32) (param "p1" u32) (param "p2" u32) (param "p3" u32) (param "p4" u32) (param "p5" u32) (param "p6" u32) (param "p7" u32) (param "p8" u32) (param "p9" u32) (param "p10" u32) (param "p11" u32) (param "p12" u32) (param "p13" u32) (param "p14" u32) (param "p15" u32) (param "p16" u32) (result u32)))
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
    (core func $answer (canon lower (func $answer) (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
    (core func $f (canon lower (func $f) (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
    (core module $m
      (import "libc" "memory" (memory 1))
      (import "libc" "realloc" (func $realloc (param i32 i32 i32 i32) (result i32)))
      (import "" "answer" (func $answer (param i32)))
      (import "" "f" (func $f (param i32) (result i32)))
      (func (export "raw") (param i32) (result i32)
        (call $answer (local.get 0))
        (call $f (i32.const 0))))
    (core instance $m (instantiate $m
      (with "libc" (instance $libc))
      (with "" (instance (export "answer" (func $answer)) (export "f" (func $f))))))
    (func (export "raw") (param "answer" u32) (result u32) (canon lift (core func $m "raw"))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller (with "answer" (func $a "answer")) (with "f" (func $a "f"))))
  (export "raw" (func $b "raw")))

(component instance $i $C)

(assert_return (invoke "raw" (u32.const 0xffbc)) (u32.const 0xffbc))

(assert_return (invoke "raw" (u32.const 0)) (u32.const 0))

(component instance $i $C)
(assert_trap (invoke "raw" (u32.const 0xffc0)) "out of bounds memory access")

(component instance $i $C)
(assert_trap (invoke "raw" (u32.const 2)) "unaligned pointer")
