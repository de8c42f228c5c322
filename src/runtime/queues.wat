;; Queues of tasks, and who is woken when a task gets ready.
;;
;; A queue is two words, the first task and the last; each task has a link to the next (records.wat).
;; A task is in one queue at a time. There is one queue of those that are ready, whoever runs next; a
;; task of the engine has one of its own besides, of the tasks that it alone can run: its root, and
;; what waits on its stack. To put a task there is to wake the engine's.
;;
;; Who waits on a stack, in the engine, waits for one record to change (`blocked`): its owner is woken
;; when the record has.
(module $queues
  (memory $records (import "records" "memory") 1)
  (func $wake (import "tokens" "wake") (param i32))
  ;; the task of the engine that waits on its stack, and for what
  (global $blocked (mut i32) (i32.const 0))
  (global $awaited (mut i32) (i32.const 0))

  ;; The last of a queue gets a next.
  (func $push (@name "push task") (export "push") (param $queue i32) (param $task i32)
    (i32.store8 $records offset=25 (local.get $task) (i32.const 1))
    (i32.store $records offset=60 (local.get $task) (i32.const 0))
    (if (i32.load $records (local.get $queue))
      (then
        (i32.store $records offset=60
          (i32.load $records offset=4 (local.get $queue)) (local.get $task)))
      (else (i32.store $records (local.get $queue) (local.get $task))))
    (i32.store $records offset=4 (local.get $queue) (local.get $task)))

  ;; The first leaves; 0: there is none.
  (func (@name "pop task") (export "pop") (param $queue i32) (result i32)
    (local $task i32)
    (local.set $task (i32.load $records (local.get $queue)))
    (if (local.get $task)
      (then
        (i32.store $records (local.get $queue)
          (i32.load $records offset=60 (local.get $task)))
        (i32.store8 $records offset=25 (local.get $task) (i32.const 0))))
    (local.get $task))

  ;; One leaves from wherever it is.
  (func $remove (@name "remove task") (export "remove") (param $queue i32) (param $task i32)
    (local $before i32)
    (local $at i32)
    (local.set $at (i32.load $records (local.get $queue)))
    (block $found
      (loop $next
        (br_if $found (i32.eq (local.get $at) (local.get $task)))
        (if (i32.eqz (local.get $at)) (then (return)))
        (local.set $before (local.get $at))
        (local.set $at (i32.load $records offset=60 (local.get $at)))
        (br $next)))
    (if (local.get $before)
      (then
        (i32.store $records offset=60 (local.get $before)
          (i32.load $records offset=60 (local.get $task)))
        (if (i32.eq (i32.load $records offset=4 (local.get $queue)) (local.get $task))
          (then (i32.store $records offset=4 (local.get $queue) (local.get $before)))))
      (else
        (i32.store $records (local.get $queue)
          (i32.load $records offset=60 (local.get $task)))))
    (i32.store8 $records offset=25 (local.get $task) (i32.const 0)))

  ;; The queue of those that are ready, for a task: that of its task of the engine, or the common one
  (func $queue_of (@name "queue of task") (param $task i32) (result i32)
    (select
      (i32.add (i32.load $records offset=68 (local.get $task)) (i32.const 40))
      (i32.const 8)
      (i32.load $records offset=68 (local.get $task))))

  ;; A task may go on. If it is in that queue already, nothing happens.
  (func $ready (@name "task is ready") (export "ready") (param $task i32)
    (if (i32.load8_u $records offset=25 (local.get $task)) (then (return)))
    (call $push (call $queue_of (local.get $task)) (local.get $task))
    (if (i32.load $records offset=68 (local.get $task))
      (then (call $wake (i32.load $records offset=68 (local.get $task))))))

  ;; All of a queue may go on.
  (func (@name "tasks are ready") (export "ready-all") (param $queue i32)
    (local $task i32)
    (loop $next
      (local.set $task (i32.load $records (local.get $queue)))
      (if (local.get $task)
        (then
          (i32.store $records (local.get $queue)
            (i32.load $records offset=60 (local.get $task)))
          (i32.store8 $records offset=25 (local.get $task) (i32.const 0))
          (call $ready (local.get $task))
          (br $next)))))

  ;; A task of the engine waits on its stack for a record to change; 0: it does not any more.
  (func (@name "block") (export "block") (param $engine i32) (param $awaited i32)
    (global.set $blocked (local.get $engine))
    (global.set $awaited (local.get $awaited)))

  ;; A record has changed.
  (func (@name "changed") (export "changed") (param $record i32)
    (if (i32.eq (global.get $awaited) (local.get $record))
      (then
        (if (global.get $blocked) (then (call $wake (global.get $blocked))))))))
