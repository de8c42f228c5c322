;; Tasks, and subtasks as their callers see them (*Tasks* and *Subtask State* in the specification).
;;
;; A task and its subtask are one record (records.wat). No task here has a stack of its own: one that
;; has returned to wait is activated again by its callback, and one that waits to enter has not begun.
;; So control always comes back, and who calls gets it at the same moment as in the specification.
;;
;;   state   0 initial, 1 started, 2 pending cancel, 3 cancel delivered, 4 resolved
;;   the caller's state   0 starting, 1 started, 2 returned, 3 cancelled before it started, 4 before it
;;                        returned
;;
;; What a task does when it begins, goes on or returns is a function of the fused module, in `functions`.
;; A record is free when the task is over, its caller has let go of it, and no queue has it.
(module $tasks
  (type $start (func (param i32)))
  (type $resume (func (param i32 i32 i32 i32)))
  (memory $records (import "records" "memory") 1)
  (table $functions (import "functions" "table") 0 funcref)
  (func $new (import "records" "new") (param i32) (result i32))
  (func $free (import "records" "free") (param i32))
  (func $push (import "queues" "push") (param i32 i32))
  (func $remove (import "queues" "remove") (param i32 i32))
  (func $ready (import "queues" "ready") (param i32))
  (func $ready_all (import "queues" "ready-all") (param i32))
  (func $changed (import "queues" "changed") (param i32))
  (func $pend (import "sets" "pend") (param i32))
  (func $clear (import "sets" "clear") (param i32))
  (func $join (import "sets" "join") (param i32 i32))
  (func $first (import "sets" "first") (param i32) (result i32))
  (func $wait (import "sets" "wait") (param i32 i32))
  (func $stop (import "sets" "leave") (param i32 i32))
  (func $event (import "ends" "event") (param i32) (result i32 i32 i32))
  (func $end_lends (import "scopes" "end") (param i32))
  ;; the task that runs: one of ours, an instance's record where a synchronous function runs, or 0
  (global $current (import "state" "current") (mut i32))
  (global $slot0 (import "state" "slot0") (mut i64))
  (global $slot1 (import "state" "slot1") (mut i64))

  (func $not_returned (@name "canon trap: task ends without `task.return`") unreachable)
  (func $not_its (@name "canon trap: `task.return` is not that of the task") unreachable)
  (func $returned (@name "canon trap: task has returned already") unreachable)
  (func $held (@name "canon trap: borrow handles still remain at the end of the call") unreachable)
  (func $not_cancelled (@name "canon trap: `task.cancel` of a task that goes on") unreachable)
  (func $no_subtask (@name "canon trap: handle is of no subtask") unreachable)
  (func $unresolved (@name "canon trap: subtask is not resolved") unreachable)
  (func $too_often (@name "canon trap: subtask is cancelled twice") unreachable)
  (func $in_set (@name "canon trap: waitable is in a set, and waited for by a call") unreachable)
  (func $backpressure (@name "canon trap: backpressure is out of bounds") unreachable)

  ;; A task that has not begun
  (func $create (@name "new task") (export "create")
    (param $instance i32) (param $exclusive i32) (param $signature i32)
    (param $resume i32) (param $return i32) (param $floor i32) (param $engine i32) (param $pointer i64)
    (result i32)
    (local $task i32)
    (local.set $task (call $new (i32.const 1)))
    (i32.store $records offset=36 (local.get $task) (local.get $instance))
    (i32.store8 $records offset=26 (local.get $task) (local.get $exclusive))
    (i32.store $records offset=76 (local.get $task) (local.get $signature))
    (i32.store $records offset=40 (local.get $task) (local.get $resume))
    (i32.store $records offset=48 (local.get $task) (local.get $return))
    (i32.store $records offset=52 (local.get $task) (local.get $floor))
    (i32.store $records offset=68 (local.get $task) (local.get $engine))
    (i64.store $records offset=88 (local.get $task) (local.get $pointer))
    (local.get $task))

  ;; Whether something keeps tasks of its kind from entering its instance
  (func $is_closed (@name "is instance closed") (param $task i32) (param $instance i32) (result i32)
    (i32.or
      (i32.load $records offset=32 (local.get $instance))
      (i32.and
        (i32.load8_u $records offset=26 (local.get $task))
        (i32.ne (i32.load $records offset=40 (local.get $instance)) (i32.const 0)))))

  ;; It has its instance to itself, if it needs to.
  (func $seize (@name "seize instance") (param $task i32) (param $instance i32)
    (if (i32.load8_u $records offset=26 (local.get $task))
      (then (i32.store $records offset=40 (local.get $instance) (local.get $task)))))

  ;; Whether a task begins at once; then it has its instance.
  (func (@name "may task begin") (export "begin") (param $task i32) (result i32)
    (local $instance i32)
    (local.set $instance (i32.load $records offset=36 (local.get $task)))
    (if
      (i32.or
        (call $is_closed (local.get $task) (local.get $instance))
        (i32.load $records offset=36 (local.get $instance)))
      (then (return (i32.const 0))))
    (call $seize (local.get $task) (local.get $instance))
    (i32.const 1))

  ;; It waits to enter. Its arguments go to the cell that is returned.
  (func (@name "defer task") (export "defer") (param $task i32) (param $start i32) (result i32)
    (local $instance i32)
    (local $cell i32)
    (local.set $instance (i32.load $records offset=36 (local.get $task)))
    (local.set $cell (call $new (i32.const 1)))
    (i32.store $records offset=72 (local.get $task) (local.get $cell))
    (i32.store $records offset=44 (local.get $task) (local.get $start))
    (i32.store $records offset=56 (local.get $task) (i32.const 1))
    (i32.store $records offset=36 (local.get $instance)
      (i32.add (i32.load $records offset=36 (local.get $instance)) (i32.const 1)))
    (if (call $is_closed (local.get $task) (local.get $instance))
      (then (call $push (i32.add (local.get $instance) (i32.const 44)) (local.get $task)))
      (else (call $ready (local.get $task))))
    (local.get $cell))

  ;; It begins: it is the one that runs, with clear slots. What was before is for `leave`.
  (func (@name "enter task") (export "enter") (param $task i32) (result i32 i64 i64)
    (i32.store $records offset=28 (local.get $task) (i32.const 1))
    (i32.store $records offset=32 (local.get $task) (i32.const 1))
    (global.get $current)
    (global.get $slot0)
    (global.get $slot1)
    (global.set $current (local.get $task))
    (global.set $slot0 (i64.const 0))
    (global.set $slot1 (i64.const 0)))

  ;; Back to what was before
  (func $leave (@name "leave task") (export "leave")
    (param $before i32) (param $slot0 i64) (param $slot1 i64)
    (global.set $current (local.get $before))
    (global.set $slot0 (local.get $slot0))
    (global.set $slot1 (local.get $slot1)))

  ;; Nobody has the instance to himself any more.
  (func $unlock (@name "leave instance") (param $task i32)
    (local $instance i32)
    (if (i32.eqz (i32.load8_u $records offset=26 (local.get $task))) (then (return)))
    (local.set $instance (i32.load $records offset=36 (local.get $task)))
    (i32.store $records offset=40 (local.get $instance) (i32.const 0))
    (if (i32.load $records offset=52 (local.get $instance))
      (then (call $ready_all (i32.add (local.get $instance) (i32.const 52)))))
    (call $open (local.get $instance)))

  ;; Those that wait to enter may try.
  (func $open (@name "open instance") (param $instance i32)
    (if
      (i32.and
        (i32.eqz (i32.load $records offset=32 (local.get $instance)))
        (i32.ne (i32.load $records offset=44 (local.get $instance)) (i32.const 0)))
      (then (call $ready_all (i32.add (local.get $instance) (i32.const 44))))))

  ;; `canon backpressure.inc` and `.dec`
  (func (@name "change backpressure") (export "backpressure")
    (param $instance i32) (param $by i32)
    (local $count i32)
    (local.set $count
      (i32.add (i32.load $records offset=32 (local.get $instance)) (local.get $by)))
    (if (i32.gt_u (local.get $count) (i32.const 0xffff)) (then (call $backpressure)))
    (i32.store $records offset=32 (local.get $instance) (local.get $count))
    (call $open (local.get $instance)))

  ;; It goes on: with an event for its callback.
  (func $activate (@name "activate task")
    (param $task i32) (param $event i32) (param $handle i32) (param $payload i32)
    (local $before i32)
    (local $slot0 i64)
    (local $slot1 i64)
    (call $seize (local.get $task) (i32.load $records offset=36 (local.get $task)))
    (local.set $before (global.get $current))
    (local.set $slot0 (global.get $slot0))
    (local.set $slot1 (global.get $slot1))
    (global.set $current (local.get $task))
    (global.set $slot0 (i64.load $records offset=104 (local.get $task)))
    (global.set $slot1 (i64.load $records offset=112 (local.get $task)))
    (call_indirect $functions (type $resume)
      (local.get $task) (local.get $event) (local.get $handle) (local.get $payload)
      (i32.load $records offset=40 (local.get $task)))
    (call $leave (local.get $before) (local.get $slot0) (local.get $slot1)))

  ;; It has returned to wait: for its turn (2), or for a set.
  (func (@name "suspend task") (export "suspend") (param $task i32) (param $for i32)
    (i64.store $records offset=104 (local.get $task) (global.get $slot0))
    (i64.store $records offset=112 (local.get $task) (global.get $slot1))
    ;; whoever runs it next, it does not stand on what has called it
    (if (i32.eqz (i32.load $records offset=68 (local.get $task)))
      (then (i32.store $records offset=52 (local.get $task) (i32.const 0))))
    (call $unlock (local.get $task))
    (if (i32.eq (i32.load $records offset=28 (local.get $task)) (i32.const 2))
      (then
        (call $cancel_now (local.get $task))
        (return)))
    (i32.store $records offset=56 (local.get $task) (local.get $for))
    (if (i32.ne (local.get $for) (i32.const 2))
      (then
        (call $wait (local.get $for) (local.get $task))
        (if (i32.eqz (call $first (local.get $for))) (then (return)))))
    (call $ready (local.get $task)))

  ;; It is over.
  (func (@name "exit task") (export "exit") (param $task i32)
    (local $engine i32)
    (if (i32.ne (i32.load $records offset=28 (local.get $task)) (i32.const 4))
      (then (call $not_returned)))
    (i32.store8 $records offset=24 (local.get $task) (i32.const 1))
    (call $unlock (local.get $task))
    (local.set $engine (i32.load $records offset=68 (local.get $task)))
    (if (local.get $engine)
      (then
        (if (i32.eq (i32.load $records offset=36 (local.get $engine)) (local.get $task))
          (then (i32.store $records offset=36 (local.get $engine) (i32.const 0))))))
    (call $let_go (local.get $task)))

  ;; Its record is free, unless somebody has it.
  (func $let_go (@name "let go of task") (param $task i32)
    (if
      (i32.and
        (i32.and
          (i32.load8_u $records offset=24 (local.get $task))
          (i32.load8_u $records offset=27 (local.get $task)))
        (i32.eqz (i32.load8_u $records offset=25 (local.get $task))))
      (then (call $free (local.get $task)))))

  ;; The caller has what it wants of it.
  (func $forget (@name "forget task") (export "forget") (param $task i32)
    (call $end_lends (local.get $task))
    (i32.store8 $records offset=27 (local.get $task) (i32.const 1))
    (call $let_go (local.get $task)))

  ;; A task that was ready, and is in no queue any more, has its turn.
  (func (@name "run task") (export "run") (param $task i32)
    (local $instance i32)
    (local $for i32)
    (local.set $for (i32.load $records offset=56 (local.get $task)))
    (local.set $instance (i32.load $records offset=36 (local.get $task)))
    ;; it was cancelled meanwhile
    (if (i32.eqz (local.get $for))
      (then
        (call $let_go (local.get $task))
        (return)))
    (if (i32.eq (local.get $for) (i32.const 1))
      (then
        (if (call $is_closed (local.get $task) (local.get $instance))
          (then
            (call $push (i32.add (local.get $instance) (i32.const 44)) (local.get $task))
            (return)))
        (call $admitted (local.get $task) (local.get $instance))
        (call $seize (local.get $task) (local.get $instance))
        ;; its caller knows it, if it was called with `async`, and is told
        (i32.store $records offset=32 (local.get $task) (i32.const 1))
        (if (i32.load $records offset=4 (local.get $task)) (then (call $pend (local.get $task))))
        (call_indirect $functions (type $start)
          (local.get $task) (i32.load $records offset=44 (local.get $task)))
        (return)))
    (if (i32.load $records offset=40 (local.get $instance))
      (then
        (call $push (i32.add (local.get $instance) (i32.const 52)) (local.get $task))
        (return)))
    (if (i32.eq (local.get $for) (i32.const 2))
      (then
        (i32.store $records offset=56 (local.get $task) (i32.const 0))
        (call $activate (local.get $task) (i32.const 0) (i32.const 0) (i32.const 0))
        (return)))
    ;; somebody else has taken the event
    (if (i32.eqz (call $first (local.get $for))) (then (return)))
    (i32.store $records offset=56 (local.get $task) (i32.const 0))
    (call $stop (local.get $for) (local.get $task))
    (local.get $task)
    (call $take (local.get $for))
    (call $activate))

  ;; It does not wait to enter any more.
  (func $admitted (@name "task does not wait to enter") (param $task i32) (param $instance i32)
    (i32.store $records offset=56 (local.get $task) (i32.const 0))
    (i32.store $records offset=36 (local.get $instance)
      (i32.sub (i32.load $records offset=36 (local.get $instance)) (i32.const 1))))

  ;; An event of a set that has one: its code, the handle, the payload
  (func $take (@name "take event") (export "take") (param $set i32) (result i32 i32 i32)
    (local $waitable i32)
    (local.set $waitable (call $first (local.get $set)))
    (if (i32.eq (i32.load $records (local.get $waitable)) (i32.const 4))
      (then (return (call $event (local.get $waitable)))))
    (i32.const 1)
    (i32.load $records offset=4 (local.get $waitable))
    (call $deliver (local.get $waitable)))

  ;; The state of a subtask, which its caller knows from then on
  (func $deliver (@name "deliver state") (export "deliver") (param $task i32) (result i32)
    (call $clear (local.get $task))
    (if (i32.ge_u (i32.load $records offset=32 (local.get $task)) (i32.const 2))
      (then
        (i32.store8 $records offset=22 (local.get $task) (i32.const 1))
        (call $end_lends (local.get $task))))
    (i32.load $records offset=32 (local.get $task)))

  ;; What a call with `async` returns: 2, and then the task is forgotten; or another state, and then
  ;; the task gets a handle.
  (func (@name "call has come back") (export "called") (param $task i32) (result i32)
    (local $state i32)
    (local.set $state (i32.load $records offset=32 (local.get $task)))
    (if (i32.eq (local.get $state) (i32.const 2)) (then (call $forget (local.get $task))))
    (local.get $state))

  ;; The handle of a subtask, and what the call returns
  (func (@name "subtask has handle") (export "named")
    (param $task i32) (param $handle i32) (result i32)
    (i32.store $records offset=4 (local.get $task) (local.get $handle))
    (i32.or
      (i32.load $records offset=32 (local.get $task))
      (i32.shl (local.get $handle) (i32.const 4))))

  ;; It has to have dropped its borrows when it returns.
  (func $check_borrows (@name "check that borrows are dropped") (export "borrows") (param $task i32)
    (if (i32.load $records offset=80 (local.get $task)) (then (call $held))))

  (func $resolve (@name "resolve task") (param $task i32) (param $state i32)
    (call $check_borrows (local.get $task))
    (i32.store $records offset=28 (local.get $task) (i32.const 4))
    (i32.store $records offset=32 (local.get $task) (local.get $state))
    (if (i32.load $records offset=4 (local.get $task))
      (then (call $pend (local.get $task)))
      (else (call $changed (local.get $task)))))

  ;; Its result is where the caller wants it.
  (func (@name "task has returned") (export "returned") (param $task i32)
    (call $resolve (local.get $task) (i32.const 2)))

  ;; The task that runs, which has to be one that returns so, and has not yet: *canon_task_return*
  (func (@name "task to return") (export "returning")
    (param $signature i32) (param $mask i32) (result i32)
    (if (i32.eqz (global.get $current)) (then (call $not_its)))
    (if
      (i32.and
        (i32.xor
          (i32.load $records offset=76 (global.get $current))
          (local.get $signature))
        (local.get $mask))
      (then (call $not_its)))
    (if (i32.eq (i32.load $records offset=28 (global.get $current)) (i32.const 4))
      (then (call $returned)))
    (call $check_borrows (global.get $current))
    (global.get $current))

  ;; `canon task.cancel`: the task that runs. Whether it is the root of one of the engine's.
  (func (@name "cancel task") (export "cancelled") (result i32)
    (local $engine i32)
    (if (i32.eqz (global.get $current)) (then (call $not_cancelled)))
    (if (i32.ne (i32.load $records offset=28 (global.get $current)) (i32.const 3))
      (then (call $not_cancelled)))
    (call $resolve (global.get $current) (i32.const 4))
    (local.set $engine (i32.load $records offset=68 (global.get $current)))
    (if (i32.eqz (local.get $engine)) (then (return (i32.const 0))))
    (i32.eq (i32.load $records offset=36 (local.get $engine)) (global.get $current)))

  ;; A task is told of its cancellation, now.
  (func $cancel_now (@name "deliver cancellation") (param $task i32)
    (i32.store $records offset=28 (local.get $task) (i32.const 3))
    (call $activate (local.get $task) (i32.const 6) (i32.const 0) (i32.const 0)))

  ;; *request_cancellation*: at once where that can be, else when it waits the next time
  (func $request (@name "request cancellation") (export "request") (param $task i32)
    (local $instance i32)
    (local $for i32)
    (local.set $instance (i32.load $records offset=36 (local.get $task)))
    (local.set $for (i32.load $records offset=56 (local.get $task)))
    (if (i32.eq (local.get $for) (i32.const 1))
      (then
        (call $remove (i32.add (local.get $instance) (i32.const 44)) (local.get $task))
        (call $admitted (local.get $task) (local.get $instance))
        (call $free (i32.load $records offset=72 (local.get $task)))
        (i32.store8 $records offset=24 (local.get $task) (i32.const 1))
        (call $resolve (local.get $task) (i32.const 3))
        (return)))
    (if
      (i32.or
        (i32.eqz (local.get $for))
        (i32.ne (i32.load $records offset=40 (local.get $instance)) (i32.const 0)))
      (then
        (i32.store $records offset=28 (local.get $task) (i32.const 2))
        (return)))
    (i32.store $records offset=56 (local.get $task) (i32.const 0))
    (if (i32.ne (local.get $for) (i32.const 2))
      (then (call $stop (local.get $for) (local.get $task))))
    (call $cancel_now (local.get $task)))

  (func $check_subtask (@name "check subtask") (param $task i32)
    (if (i32.ne (i32.load $records (local.get $task)) (i32.const 1)) (then (call $no_subtask))))

  ;; `canon subtask.cancel`, up to where it would block: the caller's state, or -1
  (func (@name "cancel subtask") (export "cancel")
    (param $task i32) (param $async i32) (result i32)
    (call $check_subtask (local.get $task))
    (if (i32.load8_u $records offset=22 (local.get $task)) (then (call $too_often)))
    (if (i32.load8_u $records offset=23 (local.get $task)) (then (call $too_often)))
    (if
      (i32.and
        (i32.eqz (local.get $async))
        (i32.ne (i32.load $records offset=8 (local.get $task)) (i32.const 0)))
      (then (call $in_set)))
    (if (i32.lt_u (i32.load $records offset=32 (local.get $task)) (i32.const 2))
      (then
        (i32.store8 $records offset=23 (local.get $task) (i32.const 1))
        (call $request (local.get $task))
        (if (i32.lt_u (i32.load $records offset=32 (local.get $task)) (i32.const 2))
          (then (return (i32.const -1))))))
    (call $deliver (local.get $task)))

  ;; `canon subtask.drop`: its handle is gone already.
  (func (@name "drop subtask") (export "drop") (param $task i32)
    (call $check_subtask (local.get $task))
    (if (i32.eqz (i32.load8_u $records offset=22 (local.get $task))) (then (call $unresolved)))
    (call $join (local.get $task) (i32.const 0))
    (call $forget (local.get $task))))
