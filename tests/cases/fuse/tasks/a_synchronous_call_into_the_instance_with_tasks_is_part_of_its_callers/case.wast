;; Two instances call into one whose threads are the engine's. A call has no task of its own when fused,
;; and does what it did: it has a number, clear slots of context, and lets a thread of its instance go on while
;; it waits.

(component
  (component $worker
    (core module $libc (table (export "table") 1 funcref))
    (core instance $libc (instantiate $libc))
    (core type $start (func (param i32)))
    (core func $new (canon thread.new-indirect $start (core table $libc "table")))
    (core func $index (canon thread.index))
    (core func $switch (canon thread.suspend-then-resume))
    (core func $suspend (canon thread.suspend))
    (core func $resume (canon thread.resume-later))
    (core func $return (canon task.return))
    (core func $get (canon context.get i32 0))
    (core func $set (canon context.set i32 0))
    (core module $m
      (import "libc" "table" (table 1 funcref))
      (import "" "new" (func $new (param i32 i32) (result i32)))
      (import "" "index" (func $index (result i32)))
      (import "" "switch" (func $switch (param i32) (result i32)))
      (import "" "suspend" (func $suspend (result i32)))
      (import "" "resume" (func $resume (param i32)))
      (import "" "return" (func $return))
      (import "" "get" (func $get (result i32)))
      (import "" "set" (func $set (param i32)))
      (global $thread (mut i32) (i32.const 0))
      (global $caller (mut i32) (i32.const 0))
      (global $done (mut i32) (i32.const 0))
      ;; each time that somebody waits for it, it does a piece of work
      (func $work (param i32)
        (loop $next
          (global.set $done (i32.add (global.get $done) (local.get 0)))
          (call $resume (global.get $caller))
          (drop (call $suspend))
          (br $next)))
      (elem (i32.const 0) $work)
      (func (export "begin") (param i32) (result i32)
        (global.set $thread (call $new (i32.const 0) (local.get 0)))
        (call $return)
        (i32.const 0))
      (func (export "never") (param i32 i32 i32) (result i32) (unreachable))
      (func (export "wait") (result i32)
        (if (call $get) (then (unreachable)))
        (call $set (i32.const 99))
        (global.set $caller (call $index))
        (drop (call $switch (global.get $thread)))
        (global.get $done)))
    (core instance $m (instantiate $m
      (with "libc" (instance $libc))
      (with "" (instance
        (export "new" (func $new)) (export "index" (func $index))
        (export "switch" (func $switch)) (export "suspend" (func $suspend))
        (export "resume" (func $resume)) (export "return" (func $return))
        (export "get" (func $get)) (export "set" (func $set))))))
    (func (export "begin") async (param "step" u32)
      (canon lift (core func $m "begin") async (callback (core func $m "never"))))
    (func (export "wait") (result u32) (canon lift (core func $m "wait"))))

  (component $caller
    (import "wait" (func $wait (result u32)))
    (core func $wait (canon lower (func $wait)))
    (core func $get (canon context.get i32 0))
    (core func $set (canon context.set i32 0))
    (core module $m
      (import "" "wait" (func $wait (result i32)))
      (import "" "get" (func $get (result i32)))
      (import "" "set" (func $set (param i32)))
      (func (export "twice") (result i32)
        (call $set (i32.const 7))
        (i32.mul (call $wait) (i32.const 1000))
        (call $wait)
        (if (i32.ne (call $get) (i32.const 7)) (then (unreachable)))
        (i32.add)))
    (core instance $m (instantiate $m
      (with "" (instance
        (export "wait" (func $wait)) (export "get" (func $get)) (export "set" (func $set))))))
    (func (export "twice") (result u32) (canon lift (core func $m "twice"))))

  (instance $worker (instantiate $worker))
  (instance $a (instantiate $caller (with "wait" (func $worker "wait"))))
  (instance $b (instantiate $caller (with "wait" (func $worker "wait"))))
  (export "begin" (func $worker "begin"))
  (export "wait" (func $worker "wait"))
  (export "a" (func $a "twice"))
  (export "b" (func $b "twice")))

(assert_return (invoke "begin" (u32.const 3)))
(assert_return (invoke "a") (u32.const 3006))
(assert_return (invoke "b") (u32.const 9012))
(assert_return (invoke "wait") (u32.const 15))
(assert_return (invoke "a") (u32.const 18021))
