;; A built-in that a `realloc` calls traps, whether an adapter or the engine calls the `realloc`.

(component definition $C
  (component $callee
    (core module $m
      (memory (export "memory") 1)
      (func (export "f") (result i32) (i32.const 0)))
    (core instance $m (instantiate $m))
    (func (export "f") (result string)
      (canon lift (core func $m "f") (memory (core memory $m "memory")))))
  (component $caller
    (import "f" (func $f (result string)))
    (core func $new (canon waitable-set.new))
    (core module $libc
      (import "" "new" (func $new (result i32)))
      (memory (export "memory") 1)
      (global $leave (mut i32) (i32.const 0))
      (func (export "leave") (param i32) (global.set $leave (local.get 0)))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32)
        (if (global.get $leave) (then (drop (call $new))))
        (i32.const 1024)))
    (core instance $libc (instantiate $libc (with "" (instance (export "new" (func $new))))))
    (core func $f (canon lower (func $f)
      (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
    (core module $m
      (import "libc" "leave" (func $leave (param i32)))
      (import "" "f" (func $f (param i32)))
      (func (export "get") (param i32) (call $leave (local.get 0)) (call $f (i32.const 8)))
      (func (export "put") (param i32 i32)))
    (core instance $m (instantiate $m
      (with "libc" (instance $libc)) (with "" (instance (export "f" (func $f))))))
    (func (export "leave") (param "x" bool) (canon lift (core func $libc "leave")))
    (func (export "get") (param "x" bool) (canon lift (core func $m "get")))
    (func (export "put") (param "x" string) (canon lift (core func $m "put")
      (memory (core memory $libc "memory")) (realloc (core func $libc "realloc")))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller (with "f" (func $a "f"))))
  (export "leave" (func $b "leave"))
  (export "get" (func $b "get"))
  (export "put" (func $b "put")))

(component instance $i $C)

(assert_return (invoke "get" (bool.const false)))

(assert_return (invoke "put" (str.const "abc")))

(assert_trap (invoke "get" (bool.const true)) "cannot leave component instance")

(component instance $j $C)

(assert_return (invoke "leave" (bool.const true)))

(assert_trap (invoke "put" (str.const "abc")) "cannot leave component instance")
