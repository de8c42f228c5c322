;; A crossing into a function that is lifted with `async` ends with one `task.return`: of the type
;; and the options of the function.

(component definition $C
  (component $callee
    (core module $libc (memory (export "memory") 1))
    (core instance $libc (instantiate $libc))
    (core func $return (canon task.return (result u32)))
    (core func $return-char (canon task.return (result char)))
    (core func $return-memory (canon task.return (result u32) (memory (core memory $libc "memory"))))
    (core func $cancel (canon task.cancel))
    (core module $m
      (import "" "return" (func $return (param i32)))
      (import "" "return-char" (func $return-char (param i32)))
      (import "" "return-memory" (func $return-memory (param i32)))
      (import "" "cancel" (func $cancel))
      (global $after (mut i32) (i32.const 0))
      (func (export "f") (param i32)
        (if (i32.eq (local.get 0) (i32.const 1)) (then (return)))
        (if (i32.eq (local.get 0) (i32.const 2)) (then (call $return-char (i32.const 65)) (return)))
        (if (i32.eq (local.get 0) (i32.const 3)) (then (call $return-memory (i32.const 1)) (return)))
        (if (i32.eq (local.get 0) (i32.const 4)) (then (call $cancel) (return)))
        (call $return (i32.const 42))
        (global.set $after (i32.const 1))
        (if (i32.eq (local.get 0) (i32.const 5)) (then (call $return (i32.const 43)))))
      (func (export "char") (param i32) (call $return-char (local.get 0)))
      (func (export "sync") (call $return (i32.const 1)))
      (func (export "after") (result i32) (global.get $after)))
    (core instance $m (instantiate $m (with "" (instance
      (export "return" (func $return))
      (export "return-char" (func $return-char))
      (export "return-memory" (func $return-memory))
      (export "cancel" (func $cancel))))))
    (func (export "f") async (param "x" u32) (result u32) (canon lift (core func $m "f") async))
    (func (export "char") async (param "x" u32) (result char) (canon lift (core func $m "char") async))
    (func (export "sync") (canon lift (core func $m "sync")))
    (func (export "after") (result u32) (canon lift (core func $m "after"))))
  (component $caller
    (import "f" (func $f async (param "x" u32) (result u32)))
    (import "char" (func $char async (param "x" u32) (result char)))
    (import "sync" (func $sync))
    (import "after" (func $after (result u32)))
    (core module $libc (memory (export "memory") 1))
    (core instance $libc (instantiate $libc))
    (core func $f (canon lower (func $f) async (memory (core memory $libc "memory"))))
    (core func $char (canon lower (func $char) async (memory (core memory $libc "memory"))))
    (core func $sync (canon lower (func $sync)))
    (core func $after (canon lower (func $after)))
    (core module $m
      (import "libc" "memory" (memory 1))
      (import "" "f" (func $f (param i32 i32) (result i32)))
      (import "" "char" (func $char (param i32 i32) (result i32)))
      (import "" "sync" (func $sync))
      (import "" "after" (func $after (result i32)))
      (func (export "f") (param i32) (result i32)
        (drop (call $f (local.get 0) (i32.const 16)))
        (i32.add (i32.load (i32.const 16)) (call $after)))
      (func (export "char") (param i32) (result i32)
        (drop (call $char (local.get 0) (i32.const 16)))
        (i32.load (i32.const 16)))
      (func (export "sync") (call $sync)))
    (core instance $m (instantiate $m
      (with "libc" (instance $libc))
      (with "" (instance
        (export "f" (func $f))
        (export "char" (func $char))
        (export "sync" (func $sync))
        (export "after" (func $after))))))
    (func (export "f") (param "x" u32) (result u32) (canon lift (core func $m "f")))
    (func (export "char") (param "x" u32) (result u32) (canon lift (core func $m "char")))
    (func (export "sync") (canon lift (core func $m "sync"))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller
    (with "f" (func $a "f"))
    (with "char" (func $a "char"))
    (with "sync" (func $a "sync"))
    (with "after" (func $a "after"))))
  (export "f" (func $b "f"))
  (export "char" (func $b "char"))
  (export "sync" (func $b "sync")))

(component instance $i $C)

;; What comes after the return is done before the caller goes on.
(assert_return (invoke "f" (u32.const 0)) (u32.const 43))

(assert_return (invoke "char" (u32.const 66)) (u32.const 66))

;; It does not return.
(assert_trap (invoke "f" (u32.const 1)) "async-lifted export failed to produce a result")

;; It returns another type.
(component instance $i $C)
(assert_trap (invoke "f" (u32.const 2)) "invalid `task.return` signature and/or options")

;; It returns with other options.
(component instance $i $C)
(assert_trap (invoke "f" (u32.const 3)) "invalid `task.return` signature and/or options")

;; It cancels, and nobody has asked.
(component instance $i $C)
(assert_trap (invoke "f" (u32.const 4)) "`task.cancel` called by task which has not been cancelled")

;; It returns twice.
(component instance $i $C)
(assert_trap (invoke "f" (u32.const 5)) "`task.return` or `task.cancel` called more than once for current task")

;; The value is lifted: this is no `char`.
(component instance $i $C)
(assert_trap (invoke "char" (u32.const 0xd800)) "invalid `char` bit pattern")

;; A function that is not lifted with `async` has no such task.
(component instance $i $C)
(assert_trap (invoke "sync") "invalid `task.return` signature and/or options")
