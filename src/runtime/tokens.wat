;; How a task of the engine waits in the engine, and is woken there.
;;
;; The engine wakes a task when one of its waitables has an event, and nobody but the engine can make
;; events. So each task of ours has a set in the engine's table, and a *token* to wake it: a stream of
;; nothing, of which both ends are here. To read it blocks, to write it completes, and then the readable
;; end has an event. It joins the set only then, so nothing is armed in advance, and a task that is
;; never woken by another pays nothing.
;;
;; A set is touched by its owner, except that a token joins it, and that an end leaves it whose copy is
;; cancelled (hosts.wat).
(module $tokens
  (memory $records (import "records" "memory") 1)
  (func $set_new (import "engine" "waitable-set.new") (result i32))
  (func $set_drop (import "engine" "waitable-set.drop") (param i32))
  (func $set_wait (import "engine" "waitable-set.wait") (param i32 i32) (result i32))
  (func $join (import "engine" "waitable.join") (param i32 i32))
  (func $stream_new (import "engine" "stream.new") (result i64))
  (func $stream_read (import "engine" "stream.read") (param i32 i32 i32) (result i32))
  (func $stream_write (import "engine" "stream.write") (param i32 i32 i32) (result i32))
  (func $cancel_read (import "engine" "stream.cancel-read") (param i32) (result i32))
  (func $drop_readable (import "engine" "stream.drop-readable") (param i32))
  (func $drop_writable (import "engine" "stream.drop-writable") (param i32))
  (func $yield (import "engine" "thread.yield") (result i32))

  ;; Its set, made when it waits for the first time
  (func $set (@name "set of task") (export "set") (param $engine i32) (result i32)
    (if (i32.eqz (i32.load $records offset=32 (local.get $engine)))
      (then (i32.store $records offset=32 (local.get $engine) (call $set_new))))
    (i32.load $records offset=32 (local.get $engine)))

  ;; It is woken, if it sleeps and has not been.
  (func (@name "wake task of the engine") (export "wake") (param $engine i32)
    (local $ends i64)
    (if (i32.eqz (i32.load $records offset=60 (local.get $engine))) (then (return)))
    (if (i32.load $records offset=56 (local.get $engine)) (then (return)))
    (i32.store $records offset=56 (local.get $engine) (i32.const 1))
    (if (i32.eqz (i32.load $records offset=48 (local.get $engine)))
      (then
        (local.set $ends (call $stream_new))
        (i32.store $records offset=48 (local.get $engine) (i32.wrap_i64 (local.get $ends)))
        (i32.store $records offset=52 (local.get $engine)
          (i32.wrap_i64 (i64.shr_u (local.get $ends) (i64.const 32))))))
    (drop
      (call $stream_read
        (i32.load $records offset=48 (local.get $engine)) (i32.const 0) (i32.const 1)))
    (drop
      (call $stream_write
        (i32.load $records offset=52 (local.get $engine)) (i32.const 0) (i32.const 1)))
    (call $join
      (i32.load $records offset=48 (local.get $engine))
      (i32.load $records offset=32 (local.get $engine))))

  ;; An event has come: whether it is that of its token.
  (func (@name "has token come") (export "woken")
    (param $engine i32) (param $event i32) (param $handle i32) (result i32)
    (if
      (i32.or
        (i32.ne (local.get $event) (i32.const 2))
        (i32.ne (local.get $handle) (i32.load $records offset=48 (local.get $engine))))
      (then (return (i32.const 0))))
    (call $join (i32.load $records offset=48 (local.get $engine)) (i32.const 0))
    (i32.store $records offset=56 (local.get $engine) (i32.const 0))
    (i32.const 1))

  ;; It returns to the engine to wait: what to tell.
  (func (@name "wait for the engine") (export "doze") (param $engine i32) (result i32)
    (i32.store $records offset=60 (local.get $engine) (i32.const 1))
    (i32.or (i32.const 2) (i32.shl (call $set (local.get $engine)) (i32.const 4))))

  ;; It waits on its stack: the code of an event, of which the rest is stored where no record is.
  (func (@name "block in the engine") (export "sleep") (param $engine i32) (result i32)
    (i32.store $records offset=60 (local.get $engine) (i32.const 1))
    (call $set_wait (call $set (local.get $engine)) (i32.const 16))
    (i32.store $records offset=60 (local.get $engine) (i32.const 0)))

  ;; Others of the engine may run.
  (func (@name "yield to the engine") (export "give-way")
    (drop (call $yield)))

  ;; It is over. A token that has not come is taken back.
  (func (@name "task of the engine ends") (export "end") (param $engine i32)
    (if (i32.load $records offset=48 (local.get $engine))
      (then
        (if (i32.load $records offset=56 (local.get $engine))
          (then
            (call $join (i32.load $records offset=48 (local.get $engine)) (i32.const 0))
            (drop (call $cancel_read (i32.load $records offset=48 (local.get $engine))))))
        (call $drop_writable (i32.load $records offset=52 (local.get $engine)))
        (call $drop_readable (i32.load $records offset=48 (local.get $engine)))))
    (if (i32.load $records offset=32 (local.get $engine))
      (then (call $set_drop (i32.load $records offset=32 (local.get $engine)))))))
