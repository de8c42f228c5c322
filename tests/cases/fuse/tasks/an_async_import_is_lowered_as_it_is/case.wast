;; An `async` function of the host is called with and without the canonical option `async`.

(component
  (import "f" (func $f async (param "x" u32) (result u32)))
  (component $caller
    (import "f" (func $f async (param "x" u32) (result u32)))
    (core module $libc (memory (export "memory") 1))
    (core instance $libc (instantiate $libc))
    (core func $sync (canon lower (func $f)))
    (core func $async (canon lower (func $f) async (memory (core memory $libc "memory"))))
    (core func $set.new (canon waitable-set.new))
    (core func $set.wait (canon waitable-set.wait (memory (core memory $libc "memory"))))
    (core func $join (canon waitable.join))
    (core func $drop (canon subtask.drop))
    (core module $m
      (import "libc" "memory" (memory 1))
      (import "" "sync" (func $sync (param i32) (result i32)))
      (import "" "async" (func $async (param i32 i32) (result i32)))
      (import "" "set.new" (func $set.new (result i32)))
      (import "" "set.wait" (func $set.wait (param i32 i32) (result i32)))
      (import "" "join" (func $join (param i32 i32)))
      (import "" "drop" (func $drop (param i32)))
      (func (export "sync") (param i32) (result i32) (call $sync (local.get 0)))
      (func (export "async") (param i32) (result i32)
        (local $state i32) (local $set i32) (local $subtask i32)
        (local.set $state (call $async (local.get 0) (i32.const 16)))
        ;; It may have returned at once.
        (if (i32.ne (local.get $state) (i32.const 2)) (then
          (local.set $subtask (i32.shr_u (local.get $state) (i32.const 4)))
          (local.set $set (call $set.new))
          (call $join (local.get $subtask) (local.get $set))
          (if (i32.ne (call $set.wait (local.get $set) (i32.const 32)) (i32.const 1))
            (then (unreachable)))
          (if (i32.ne (i32.load (i32.const 36)) (i32.const 2)) (then (unreachable)))
          (call $drop (local.get $subtask))))
        (i32.load (i32.const 16))))
    (core instance $m (instantiate $m
      (with "libc" (instance $libc))
      (with "" (instance
        (export "sync" (func $sync))
        (export "async" (func $async))
        (export "set.new" (func $set.new))
        (export "set.wait" (func $set.wait))
        (export "join" (func $join))
        (export "drop" (func $drop))))))
    (func (export "sync") async (param "x" u32) (result u32) (canon lift (core func $m "sync")))
    (func (export "async") async (param "x" u32) (result u32) (canon lift (core func $m "async"))))
  (instance $a (instantiate $caller (with "f" (func $f))))
  (export "sync" (func $a "sync"))
  (export "async" (func $a "async")))

(assert_return (invoke "sync" (u32.const 7)) (u32.const 7))

(assert_return (invoke "async" (u32.const 8)) (u32.const 8))
