;; Sets of waitables (*Waitable State* in the specification).
;;
;; A set has a list of those of its waitables that have an event, in the order in which they got it,
;; linked in both directions because one may leave the set. Its waiters are tasks that have returned
;; to wait; all are ready when there is an event, and who runs first gets it (tasks.wat).
(module $sets
  (memory $records (import "records" "memory") 1)
  (func $new (import "records" "new") (param i32) (result i32))
  (func $free (import "records" "free") (param i32))
  (func $ready (import "queues" "ready") (param i32))
  (func $changed (import "queues" "changed") (param i32))

  (func $sync_waiter (@name "canon trap: waitable is waited for by a call") unreachable)
  (func $members (@name "canon trap: waitable set is not empty") unreachable)
  (func $waiters (@name "canon trap: waitable set is waited for") unreachable)

  (func (@name "new waitable set") (export "new") (result i32)
    (call $new (i32.const 2)))

  (func (@name "drop waitable set") (export "drop") (param $set i32)
    (if (i32.load $records offset=40 (local.get $set)) (then (call $members)))
    (if (i32.load $records offset=44 (local.get $set)) (then (call $waiters)))
    (call $free (local.get $set)))

  ;; A waitable's event gets last in the list of its set, and the waiters of the set are ready.
  (func $append (@name "append event") (param $set i32) (param $waitable i32)
    (local $last i32)
    (local.set $last (i32.load $records offset=36 (local.get $set)))
    (i32.store $records offset=12 (local.get $waitable) (i32.const 0))
    (i32.store $records offset=16 (local.get $waitable) (local.get $last))
    (if (local.get $last)
      (then (i32.store $records offset=12 (local.get $last) (local.get $waitable)))
      (else (i32.store $records offset=32 (local.get $set) (local.get $waitable))))
    (i32.store $records offset=36 (local.get $set) (local.get $waitable))
    (call $notify (local.get $set)))

  (func $notify (@name "notify waiters") (param $set i32)
    (call $changed (local.get $set))
    (if (i32.load $records offset=48 (local.get $set))
      (then (call $ready_waiters (local.get $set)))))

  (func $ready_waiters (@name "waiters are ready") (param $set i32)
    (local $task i32)
    (local.set $task (i32.load $records offset=48 (local.get $set)))
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $task)))
        (call $ready (local.get $task))
        (local.set $task (i32.load $records offset=64 (local.get $task)))
        (br $next))))

  ;; A waitable's event leaves the list of its set.
  (func $unlink (@name "unlink event") (param $set i32) (param $waitable i32)
    (local $after i32)
    (local $before i32)
    (local.set $after (i32.load $records offset=12 (local.get $waitable)))
    (local.set $before (i32.load $records offset=16 (local.get $waitable)))
    (if (local.get $before)
      (then (i32.store $records offset=12 (local.get $before) (local.get $after)))
      (else (i32.store $records offset=32 (local.get $set) (local.get $after))))
    (if (local.get $after)
      (then (i32.store $records offset=16 (local.get $after) (local.get $before)))
      (else (i32.store $records offset=36 (local.get $set) (local.get $before)))))

  ;; A waitable has an event.
  (func (@name "set event") (export "pend") (param $waitable i32)
    (local $set i32)
    (call $changed (local.get $waitable))
    (if (i32.load8_u $records offset=20 (local.get $waitable)) (then (return)))
    (i32.store8 $records offset=20 (local.get $waitable) (i32.const 1))
    (local.set $set (i32.load $records offset=8 (local.get $waitable)))
    (if (local.get $set) (then (call $append (local.get $set) (local.get $waitable)))))

  ;; Its event has been taken.
  (func (@name "clear event") (export "clear") (param $waitable i32)
    (local $set i32)
    (if (i32.eqz (i32.load8_u $records offset=20 (local.get $waitable))) (then (return)))
    (i32.store8 $records offset=20 (local.get $waitable) (i32.const 0))
    (local.set $set (i32.load $records offset=8 (local.get $waitable)))
    (if (local.get $set) (then (call $unlink (local.get $set) (local.get $waitable)))))

  ;; `canon waitable.join`; set 0: a waitable leaves its set.
  (func (@name "join waitable set") (export "join") (param $waitable i32) (param $set i32)
    (local $before i32)
    (if (i32.load8_u $records offset=21 (local.get $waitable)) (then (call $sync_waiter)))
    (local.set $before (i32.load $records offset=8 (local.get $waitable)))
    (if (local.get $before)
      (then
        (if (i32.load8_u $records offset=20 (local.get $waitable))
          (then (call $unlink (local.get $before) (local.get $waitable))))
        (i32.store $records offset=40 (local.get $before)
          (i32.sub (i32.load $records offset=40 (local.get $before)) (i32.const 1)))))
    (i32.store $records offset=8 (local.get $waitable) (local.get $set))
    (if (local.get $set)
      (then
        (i32.store $records offset=40 (local.get $set)
          (i32.add (i32.load $records offset=40 (local.get $set)) (i32.const 1)))
        (if (i32.load8_u $records offset=20 (local.get $waitable))
          (then (call $append (local.get $set) (local.get $waitable)))))))

  ;; The first waitable of a set that has an event; 0: none has.
  (func (@name "first event") (export "first") (param $set i32) (result i32)
    (i32.load $records offset=32 (local.get $set)))

  ;; Somebody waits for a set, on a stack; or does not any more.
  (func $count (@name "count waiters") (export "count") (param $set i32) (param $by i32)
    (i32.store $records offset=44 (local.get $set)
      (i32.add (i32.load $records offset=44 (local.get $set)) (local.get $by))))

  ;; A task waits for a set.
  (func (@name "wait for set") (export "wait") (param $set i32) (param $task i32)
    (call $count (local.get $set) (i32.const 1))
    (i32.store $records offset=64 (local.get $task)
      (i32.load $records offset=48 (local.get $set)))
    (i32.store $records offset=48 (local.get $set) (local.get $task)))

  ;; It does not any more.
  (func (@name "stop waiting for set") (export "leave") (param $set i32) (param $task i32)
    (local $at i32)
    (local $after i32)
    (call $count (local.get $set) (i32.const -1))
    (local.set $after (i32.load $records offset=64 (local.get $task)))
    (local.set $at (i32.load $records offset=48 (local.get $set)))
    (if (i32.eq (local.get $at) (local.get $task))
      (then
        (i32.store $records offset=48 (local.get $set) (local.get $after))
        (return)))
    (loop $next
      (if (i32.eq (i32.load $records offset=64 (local.get $at)) (local.get $task))
        (then
          (i32.store $records offset=64 (local.get $at) (local.get $after))
          (return)))
      (local.set $at (i32.load $records offset=64 (local.get $at)))
      (br $next))))
