;; The engine makes the tasks of an instance that no other calls, and the instance calls another.

(component
  (component $callee
    (core module $m (func (export "next") (param i32) (result i32)
      (i32.add (local.get 0) (i32.const 1))))
    (core instance $m (instantiate $m))
    (func (export "next") (param "x" u32) (result u32) (canon lift (core func $m "next"))))
  (component $caller
    (import "next" (func $next (param "x" u32) (result u32)))
    (core func $next (canon lower (func $next)))
    (core func $return (canon task.return (result u32)))
    (core module $libc (memory (export "memory") 1) (data (i32.const 8) "text"))
    (core instance $libc (instantiate $libc))
    (core func $return-string (canon task.return (result string)
      (memory (core memory $libc "memory"))))
    (core func $yield (canon thread.yield))
    (core module $m
      (import "" "next" (func $next (param i32) (result i32)))
      (import "" "return" (func $return (param i32)))
      (import "" "return-string" (func $return-string (param i32 i32)))
      (import "" "yield" (func $yield (result i32)))
      (global $x (mut i32) (i32.const 0))
      ;; Yields three times by its code, then returns.
      (func (export "callback") (param i32) (result i32)
        (global.set $x (local.get 0))
        (i32.const 1))
      (func (export "callback event") (param i32 i32 i32) (result i32)
        (global.set $x (call $next (global.get $x)))
        (if (i32.rem_u (global.get $x) (i32.const 10)) (then (return (i32.const 1))))
        (call $return (global.get $x))
        (i32.const 0))
      (func (export "stackful") (param i32)
        (call $return (call $next (local.get 0)))
        (drop (call $yield)))
      (func (export "text")
        (call $return-string (i32.const 8) (i32.const 4)))
      (func (export "sync") (param i32) (result i32)
        (drop (call $yield))
        (call $next (local.get 0))))
    (core instance $m (instantiate $m (with "" (instance
      (export "next" (func $next))
      (export "return" (func $return))
      (export "return-string" (func $return-string))
      (export "yield" (func $yield))))))
    (func (export "callback") async (param "x" u32) (result u32)
      (canon lift (core func $m "callback") async (callback (core func $m "callback event"))))
    (func (export "stackful") async (param "x" u32) (result u32)
      (canon lift (core func $m "stackful") async))
    (func (export "text") async (result string)
      (canon lift (core func $m "text") async (memory (core memory $libc "memory"))))
    (func (export "sync") async (param "x" u32) (result u32) (canon lift (core func $m "sync"))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller (with "next" (func $a "next"))))
  (export "callback" (func $b "callback"))
  (export "stackful" (func $b "stackful"))
  (export "text" (func $b "text"))
  (export "sync" (func $b "sync"))
  (export "next" (func $a "next")))

(assert_return (invoke "callback" (u32.const 37)) (u32.const 40))

(assert_return (invoke "stackful" (u32.const 37)) (u32.const 38))

(assert_return (invoke "text") (str.const "text"))

(assert_return (invoke "sync" (u32.const 1)) (u32.const 2))

(assert_return (invoke "next" (u32.const 1)) (u32.const 2))
