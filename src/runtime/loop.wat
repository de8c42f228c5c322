;; Who runs next: what a call does that has to wait on its stack, and what a task of the engine does
;; between its events.
;;
;; A call waits where it stands. What it stands on, its *floor*, is at the bottom of the stack:
;;
;;   a task of the engine   it runs what is ready, and then waits in the engine
;;   an instance's record   a synchronous function that must not block: it runs what is ready of that
;;                          instance, and traps when nothing is
;;   0                      a call with `async`, whose caller is below and goes on at once: it is proved
;;                          that this does not happen (`analyse::inside`)
(module $loop
  (memory $records (import "records" "memory") 1)
  (func $new (import "records" "new") (param i32) (result i32))
  (func $free (import "records" "free") (param i32))
  (func $pop (import "queues" "pop") (param i32) (result i32))
  (func $push (import "queues" "push") (param i32 i32))
  (func $blocked (import "queues" "block") (param i32 i32))
  (func $count (import "sets" "count") (param i32 i32))
  (func $take (import "tasks" "take") (param i32) (result i32 i32 i32))
  (func $run (import "tasks" "run") (param i32))
  (func $leave (import "tasks" "leave") (param i32 i64 i64))
  (func $cancel (import "tasks" "cancel") (param i32 i32) (result i32))
  (func $deliver (import "tasks" "deliver") (param i32) (result i32))
  (func $request (import "tasks" "request") (param i32))
  (func $copied (import "ends" "deliver") (param i32) (result i32))
  (func $sleep (import "tokens" "sleep") (param i32) (result i32))
  (func $give_way (import "tokens" "give-way"))
  (func $doze (import "tokens" "doze") (param i32) (result i32))
  (func $woken (import "tokens" "woken") (param i32 i32 i32) (result i32))
  (func $end (import "tokens" "end") (param i32))
  (func $wake (import "tokens" "wake") (param i32))
  (func $runs (import "hosts" "run") (param i32))
  (func $adopt (import "hosts" "adopt") (param i32 i32))
  (func $busy (import "hosts" "busy") (param i32) (result i32))
  (func $told (import "hosts" "event") (param i32 i32))
  (func $poll_engine (import "hosts" "poll") (param i32) (result i32))
  (global $current (import "state" "current") (mut i32))
  (global $slot0 (import "state" "slot0") (mut i64))
  (global $slot1 (import "state" "slot1") (mut i64))

  ;; all tasks of the engine, each with a link to the next
  (global $engines (mut i32) (i32.const 0))

  (func $stack (@name "canon trap: this call needs a stack of its own") unreachable)
  (func $cannot_block (@name "canon trap: cannot block a synchronous task before returning")
    unreachable)

  ;; The first of a queue has its turn, if there is one.
  (func $run_first (@name "run first") (param $queue i32) (result i32)
    (local $task i32)
    (local.set $task (call $pop (local.get $queue)))
    (if (i32.eqz (local.get $task)) (then (return (i32.const 0))))
    (call $run (local.get $task))
    (i32.const 1))

  ;; How many tasks are in a queue.
  (func $length (@name "count tasks") (param $queue i32) (result i32)
    (local $task i32)
    (local $length i32)
    (local.set $task (i32.load $records (local.get $queue)))
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $task)))
        (local.set $length (i32.add (local.get $length) (i32.const 1)))
        (local.set $task (i32.load $records offset=60 (local.get $task)))
        (br $next)))
    (local.get $length))

  ;; Each task that is in a queue now has its turn, once: who asks for one after another starves nobody. Not
  ;; all have it if meanwhile what is awaited comes true. Whether there was one.
  (func $turns (@name "run queue") (param $queue i32) (param $awaited i32) (result i32)
    (local $left i32)
    (local $any i32)
    (local.set $left (call $length (local.get $queue)))
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $left)))
        (br_if $done (i32.eqz (call $run_first (local.get $queue))))
        (local.set $any (i32.const 1))
        (local.set $left (i32.sub (local.get $left) (i32.const 1)))
        (br_if $next (i32.eqz (local.get $awaited)))
        (br_if $next (i32.eqz (call $is_met (local.get $awaited))))))
    (local.get $any))

  ;; Each task that is ready now has its turn, once. Whether there was one.
  (func $generation (@name "run generation") (export "generation") (result i32)
    (call $turns (i32.const 8) (i32.const 0)))

  ;; The same, of one instance: the others stay where they are.
  (func $generation_of (@name "run generation of instance") (param $instance i32) (result i32)
    (local $left i32)
    (local $task i32)
    (local $any i32)
    (local.set $left (call $length (i32.const 8)))
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $left)))
        (local.set $left (i32.sub (local.get $left) (i32.const 1)))
        (local.set $task (call $pop (i32.const 8)))
        (br_if $done (i32.eqz (local.get $task)))
        (if (i32.eq (i32.load $records offset=36 (local.get $task)) (local.get $instance))
          (then
            (local.set $any (i32.const 1))
            (call $run (local.get $task)))
          (else (call $push (i32.const 8) (local.get $task))))
        (br $next)))
    (local.get $any))

  ;; What is awaited: that a set has an event, a subtask is resolved, or something has become of a copy.
  ;; All are told by a word.
  (func $is_met (@name "is condition met") (param $record i32) (result i32)
    (i32.gt_u (i32.load $records offset=32 (local.get $record)) (i32.const 1)))

  ;; The floor of what runs, in an instance
  (func $floor (@name "floor") (export "floor") (param $instance i32) (result i32)
    (if (i32.eqz (global.get $current)) (then (return (local.get $instance))))
    (if (i32.eqz (i32.load $records (global.get $current))) (then (return (global.get $current))))
    (i32.load $records offset=52 (global.get $current)))

  ;; The task of the engine that a call by this one belongs to, if it stands on one
  (func (@name "task of the engine below") (export "engine-of") (param $floor i32) (result i32)
    (if (i32.eqz (local.get $floor)) (then (return (i32.const 0))))
    (if (i32.eqz (i32.load $records (local.get $floor))) (then (return (i32.const 0))))
    (local.get $floor))

  ;; Waits on the stack until what is awaited has come.
  (func $block (@name "block") (export "block") (param $record i32) (param $instance i32)
    (local $floor i32)
    (if (call $is_met (local.get $record)) (then (return)))
    (local.set $floor (call $floor (local.get $instance)))
    (if (i32.eqz (local.get $floor)) (then (call $stack)))
    (if (i32.load $records (local.get $floor))
      (then (call $block_in_engine (local.get $record) (local.get $floor)))
      (else
        (loop $next
          (if (i32.eqz (call $generation_of (local.get $floor))) (then (call $cannot_block)))
          (br_if $next (i32.eqz (call $is_met (local.get $record))))))))

  ;; An event of the engine has come for one of its tasks, which runs again: a token, or that something
  ;; has been read or written.
  (func $dispatch (@name "dispatch event")
    (param $engine i32) (param $event i32) (param $handle i32) (param $payload i32)
    (call $runs (local.get $engine))
    (if
      (i32.eqz
        (call $woken (local.get $engine) (local.get $event) (local.get $handle)))
      (then
        (if (i32.lt_u (i32.sub (local.get $event) (i32.const 2)) (i32.const 4))
          (then (call $told (local.get $handle) (local.get $payload)))))))

  ;; Others of the engine run, while a task waits on its stack, or asks for that. What it has been told
  ;; meanwhile is known then.
  (func $let_others (@name "let others of the engine run") (param $engine i32)
    (local $event i32)
    (call $adopt (local.get $engine) (i32.const 1))
    (call $runs (i32.const 0))
    (call $give_way)
    (loop $next
      (call $runs (local.get $engine))
      (local.set $event (call $poll_engine (local.get $engine)))
      (if (local.get $event)
        (then
          (call $told_of (local.get $engine) (local.get $event))
          (br $next)))))

  ;; An event is where the engine has stored it.
  (func $told_of (@name "dispatch stored event") (param $engine i32) (param $event i32)
    (call $dispatch (local.get $engine) (local.get $event)
      (i32.load $records (i32.const 16))
      (i32.load $records (i32.const 20))))

  (func $block_in_engine (@name "block in the engine") (param $record i32) (param $engine i32)
    (local $event i32)
    (local $before i32)
    (local $slot0 i64)
    (local $slot1 i64)
    (loop $generation
      (drop (call $turns (i32.add (local.get $engine) (i32.const 40)) (local.get $record)))
      (if (call $is_met (local.get $record)) (then (return)))
      (drop (call $turns (i32.const 8) (local.get $record)))
      (if (call $is_met (local.get $record)) (then (return)))
      ;; others of the engine run: they find what they find
      (local.set $before (global.get $current))
      (local.set $slot0 (global.get $slot0))
      (local.set $slot1 (global.get $slot1))
      (if
        (i32.or
          (i32.load $records offset=8 (i32.const 0))
          (i32.load $records offset=40 (local.get $engine)))
        (then (call $let_others (local.get $engine)))
        (else
          (call $blocked (local.get $engine) (local.get $record))
          (call $adopt (local.get $engine) (i32.const 1))
          (call $runs (i32.const 0))
          (local.set $event (call $sleep (local.get $engine)))
          (call $blocked (i32.const 0) (i32.const 0))
          (call $told_of (local.get $engine) (local.get $event))))
      (call $leave (local.get $before) (local.get $slot0) (local.get $slot1))
      (br_if $generation (i32.eqz (call $is_met (local.get $record))))))

  ;; `canon waitable-set.wait`: an event
  (func (@name "wait for event") (export "wait")
    (param $set i32) (param $instance i32) (result i32 i32 i32)
    (call $count (local.get $set) (i32.const 1))
    (call $block (local.get $set) (local.get $instance))
    (call $count (local.get $set) (i32.const -1))
    (call $take (local.get $set)))

  ;; `canon subtask.cancel` without `async`: the caller's state
  (func (@name "cancel and wait") (export "cancel")
    (param $task i32) (param $instance i32) (result i32)
    (local $state i32)
    (local.set $state (call $cancel (local.get $task) (i32.const 0)))
    (if (i32.ne (local.get $state) (i32.const -1)) (then (return (local.get $state))))
    (i32.store8 $records offset=21 (local.get $task) (i32.const 1))
    (call $block (local.get $task) (local.get $instance))
    (i32.store8 $records offset=21 (local.get $task) (i32.const 0))
    (call $deliver (local.get $task)))

  ;; `canon stream.read` and so on without `async`, where they block: what they return
  (func (@name "wait for copy") (export "copied")
    (param $end i32) (param $instance i32) (result i32)
    (i32.store8 $records offset=21 (local.get $end) (i32.const 1))
    (call $block (local.get $end) (local.get $instance))
    (i32.store8 $records offset=21 (local.get $end) (i32.const 0))
    (call $copied (local.get $end)))

  ;; `canon waitable-set.poll`: an event, or none
  (func (@name "poll event") (export "poll") (param $set i32) (result i32 i32 i32)
    (if (i32.eqz (i32.load $records offset=32 (local.get $set)))
      (then (return (i32.const 0) (i32.const 0) (i32.const 0))))
    (call $take (local.get $set)))

  ;; `canon thread.yield`: who is ready has a turn.
  (func (@name "yield") (export "yield") (param $instance i32) (result i32)
    (local $floor i32)
    (local $before i32)
    (local $slot0 i64)
    (local $slot1 i64)
    (local.set $floor (call $floor (local.get $instance)))
    (if (local.get $floor)
      (then
        (if (i32.load $records (local.get $floor))
          (then
            (drop (call $generation))
            (local.set $before (global.get $current))
            (local.set $slot0 (global.get $slot0))
            (local.set $slot1 (global.get $slot1))
            (call $let_others (local.get $floor))
            (call $leave (local.get $before) (local.get $slot0) (local.get $slot1)))
          (else (drop (call $generation_of (local.get $floor)))))))
    (i32.const 0))

  ;; A task of the engine has begun: it gets first in the list of all.
  (func (@name "new task of the engine") (export "engine") (result i32)
    (local $engine i32)
    (local.set $engine (call $new (i32.const 3)))
    (i32.store $records offset=64 (local.get $engine) (global.get $engines))
    (global.set $engines (local.get $engine))
    (call $runs (local.get $engine))
    (local.get $engine))

  ;; One is over: it leaves the list.
  (func $unlist (@name "leave list of tasks of the engine") (param $engine i32)
    (local $at i32)
    (local $next i32)
    (local.set $next (i32.load $records offset=64 (local.get $engine)))
    (local.set $at (global.get $engines))
    (if (i32.eq (local.get $at) (local.get $engine))
      (then
        (global.set $engines (local.get $next))
        (return)))
    (loop $search
      (if (i32.eq (i32.load $records offset=64 (local.get $at)) (local.get $engine))
        (then
          (i32.store $records offset=64 (local.get $at) (local.get $next))
          (return)))
      (local.set $at (i32.load $records offset=64 (local.get $at)))
      (br $search)))

  ;; A call of the host is over that is no task of the engine. What it has made ready goes on with one
  ;; that sleeps, if there is one.
  (func (@name "settle") (export "settle")
    (local $engine i32)
    (if (i32.eqz (i32.load $records offset=8 (i32.const 0))) (then (return)))
    (local.set $engine (global.get $engines))
    (block $found
      (loop $search
        (if (i32.eqz (local.get $engine)) (then (return)))
        (br_if $found (i32.load $records offset=60 (local.get $engine)))
        (local.set $engine (i32.load $records offset=64 (local.get $engine)))
        (br $search)))
    (call $wake (local.get $engine)))

  ;; Its root
  (func (@name "task is root") (export "root") (param $engine i32) (param $task i32)
    (i32.store $records offset=36 (local.get $engine) (local.get $task))
    (i32.store8 $records offset=27 (local.get $task) (i32.const 1)))

  ;; An event of the engine has come for it: that it is cancelled, or another. Then it goes on.
  (func (@name "event for task of the engine") (export "event")
    (param $engine i32) (param $event i32) (param $handle i32) (param $payload i32) (result i32)
    (i32.store $records offset=60 (local.get $engine) (i32.const 0))
    (call $dispatch
      (local.get $engine) (local.get $event) (local.get $handle) (local.get $payload))
    (if
      (i32.and
        (i32.eq (local.get $event) (i32.const 6))
        (i32.ne (i32.load $records offset=36 (local.get $engine)) (i32.const 0)))
      (then (call $request (i32.load $records offset=36 (local.get $engine)))))
    (call $pump (local.get $engine)))

  ;; Runs what is ready, for a while; what to tell the engine.
  (func $pump (@name "run tasks") (export "pump") (param $engine i32) (result i32)
    (local $rounds i32)
    (local.set $rounds (i32.const 16))
    (call $runs (local.get $engine))
    (block $idle
      (loop $next
        (br_if $idle
          (i32.eqz
            (i32.or
              (call $turns (i32.add (local.get $engine) (i32.const 40)) (i32.const 0))
              (call $generation))))
        (br_if $next (local.tee $rounds (i32.sub (local.get $rounds) (i32.const 1)))))
      ;; yield
      (call $runs (i32.const 0))
      (return (i32.const 1)))
    (call $adopt (local.get $engine) (i32.const 0))
    (call $runs (i32.const 0))
    (if
      (i32.or
        (i32.load $records offset=36 (local.get $engine))
        (call $busy (local.get $engine)))
      (then (return (call $doze (local.get $engine)))))
    (call $end (local.get $engine))
    (call $unlist (local.get $engine))
    (call $free (local.get $engine))
    (i32.const 0)))
