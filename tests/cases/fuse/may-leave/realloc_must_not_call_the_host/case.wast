;; While `realloc` runs, its instance may not leave: a call of an import of the whole
;; composition traps. Before and after, it may.

(component definition $C
  (import "out" (func $out))
  (component $callee
    (import "out" (func $out))
    (core func $out (canon lower (func $out)))
    (core module $m
      (import "" "out" (func $out))
      (memory (export "memory") 1)
      (global $leave (mut i32) (i32.const 0))
      (func $leave (if (global.get $leave) (then (call $out))))
      (func (export "leave") (param i32) (global.set $leave (local.get 0)))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32)
        (call $leave)
        (i32.const 1024))
      (func (export "f") (param i32 i32) (result i32) (call $out) (local.get 1))
      (func (export "post") (param i32)
        (nop)))
    (core instance $m (instantiate $m (with "" (instance (export "out" (func $out))))))
    (func (export "leave") (param "x" bool) (canon lift (core func $m "leave")))
    (func (export "f") (param "x" string) (result u32)
      (canon lift (core func $m "f") (memory (core memory $m "memory")) (realloc (core func $m "realloc")) (post-return (core func $m "post")))))
  (component $caller
    (import "leave" (func $leave (param "x" bool)))
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
    (core func $leave (canon lower (func $leave) (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
    (core func $f (canon lower (func $f) (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
    (core module $m
      (import "libc" "memory" (memory 1))
      (import "libc" "realloc" (func $realloc (param i32 i32 i32 i32) (result i32)))
      (import "" "leave" (func $leave (param i32)))
      (import "" "f" (func $f (param i32 i32) (result i32)))
      (func (export "raw") (param i32) (result i32)
        (call $leave (local.get 0))
        (call $f (i32.const 0) (i32.const 7))))
    (core instance $m (instantiate $m
      (with "libc" (instance $libc))
      (with "" (instance (export "leave" (func $leave)) (export "f" (func $f))))))
    (func (export "raw") (param "leave" bool) (result u32) (canon lift (core func $m "raw"))))
  (instance $a (instantiate $callee (with "out" (func $out))))
  (instance $b (instantiate $caller (with "leave" (func $a "leave")) (with "f" (func $a "f"))))
  (export "raw" (func $b "raw")))

(component instance $i $C)

(assert_return (invoke "raw" (bool.const false)) (u32.const 7))

(assert_return (invoke "raw" (bool.const false)) (u32.const 7))

(assert_trap (invoke "raw" (bool.const true)) "cannot leave component instance")
