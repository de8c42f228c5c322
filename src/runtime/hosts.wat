;; Streams and futures one end of which is the host's.
;;
;; In the engine such a stream has two ends, too. One is the host's, and the other one is ours: nobody in
;; the module has it, but what the guest does with its own end is done with it. So the record of the end
;; that the host has been given, or has kept, stays: it says which end in the engine's table is ours.
;;
;;   an end of the host's, besides what every end has (records.wat)
;;     +80 our end, in the engine's table         +84 a part of the place of what reads or writes there
;;     +88 the place of what cancels there, before that of what drops
;;     +92 the task of the engine in whose set our end is; 0: none
;;     +96 the next that the engine has not finished
;;
;; What blocks in the engine has an event later, for a task of the engine: the one that runs. Where none
;; does, the next takes it over; until then nothing of this component goes on. One that waits on its stack
;; takes over all, for it keeps out the others. A task stays until the engine has told it of all that it
;; has. To cancel is to wait until the host has heard of it, as it is in the engine.
(module $hosts
  ;; the buffer, how far it has been read or written, how much is left, our end
  (type $copy (func (param i64 i32 i32 i32) (result i32)))
  (type $cancel (func (param i32) (result i32)))
  (type $drop (func (param i32)))
  (memory $records (import "records" "memory") 1)
  (table $functions (import "functions" "table") 0 funcref)
  (func $free (import "records" "free") (param i32))
  (func $pend (import "sets" "pend") (param i32))
  (func $wake (import "tokens" "wake") (param i32))
  (func $set (import "tokens" "set") (param i32) (result i32))
  (func $join (import "engine" "waitable.join") (param i32 i32))
  (func $set_poll (import "engine" "waitable-set.poll") (param i32 i32) (result i32))

  ;; the task of the engine that runs, if one does
  (global $running (mut i32) (i32.const 0))
  ;; the first of all that the engine has not finished
  (global $first (mut i32) (i32.const 0))

  (func (@name "task of the engine runs") (export "run") (param $engine i32)
    (global.set $running (local.get $engine)))

  ;; One that the engine has not finished is in a list, and in the set of a task, if one runs.
  (func $watch (@name "watch end") (param $host i32)
    (i32.store $records offset=96 (local.get $host) (global.get $first))
    (global.set $first (local.get $host))
    (call $give (local.get $host) (global.get $running)))

  ;; It gets into the set of a task.
  (func $give (@name "give end to task") (param $host i32) (param $engine i32)
    (i32.store $records offset=92 (local.get $host) (local.get $engine))
    (if (i32.eqz (local.get $engine)) (then (return)))
    (i32.store $records offset=68 (local.get $engine)
      (i32.add (i32.load $records offset=68 (local.get $engine)) (i32.const 1)))
    (call $join
      (i32.load $records offset=80 (local.get $host))
      (call $set (local.get $engine))))

  ;; It leaves the set. A task that waits there may have been woken by it: it is to find another event.
  (func $take (@name "take end from task") (param $host i32)
    (local $engine i32)
    (local.set $engine (i32.load $records offset=92 (local.get $host)))
    (if (i32.eqz (local.get $engine)) (then (return)))
    (i32.store $records offset=68 (local.get $engine)
      (i32.sub (i32.load $records offset=68 (local.get $engine)) (i32.const 1)))
    (if (i32.ne (local.get $engine) (global.get $running))
      (then (call $wake (local.get $engine))))
    (call $join (i32.load $records offset=80 (local.get $host)) (i32.const 0)))

  ;; It leaves the list, too.
  (func $forget (@name "forget end") (param $host i32)
    (local $at i32)
    (call $take (local.get $host))
    (if (i32.eq (global.get $first) (local.get $host))
      (then
        (global.set $first (i32.load $records offset=96 (local.get $host)))
        (return)))
    (local.set $at (global.get $first))
    (block $found
      (loop $next
        (br_if $found
          (i32.eq (i32.load $records offset=96 (local.get $at)) (local.get $host)))
        (local.set $at (i32.load $records offset=96 (local.get $at)))
        (br $next)))
    (i32.store $records offset=96 (local.get $at)
      (i32.load $records offset=96 (local.get $host))))

  ;; A task takes over those that no task has; or, as it keeps all others out while it waits, all.
  (func (@name "adopt ends") (export "adopt") (param $engine i32) (param $all i32)
    (local $host i32)
    (local $owner i32)
    (local.set $host (global.get $first))
    (loop $next
      (if (i32.eqz (local.get $host)) (then (return)))
      (local.set $owner (i32.load $records offset=92 (local.get $host)))
      (if
        (i32.and
          (i32.ne (local.get $owner) (local.get $engine))
          (i32.or (i32.eqz (local.get $owner)) (local.get $all)))
        (then
          (call $take (local.get $host))
          (call $give (local.get $host) (local.get $engine))))
      (local.set $host (i32.load $records offset=96 (local.get $host)))
      (br $next)))

  ;; Whether a task still has to be told of something
  (func $busy (@name "has task ends") (export "busy") (param $engine i32) (result i32)
    (i32.load $records offset=68 (local.get $engine)))

  ;; What a task has been told that does not wait: the code of an event, of which the rest is stored as that
  ;; of one that it waits for; 0: nothing.
  (func (@name "poll the engine") (export "poll") (param $engine i32) (result i32)
    (if (i32.eqz (call $busy (local.get $engine))) (then (return (i32.const 0))))
    (call $set_poll (call $set (local.get $engine)) (i32.const 16)))

  ;; What the engine says has become of what was read or written: it is the outcome.
  (func $settle (@name "settle copy") (param $end i32) (param $payload i32)
    (i32.store $records offset=60 (local.get $end) (i32.const 0))
    (i32.store $records offset=56 (local.get $end)
      (i32.add
        (i32.load $records offset=56 (local.get $end))
        (i32.shr_u (local.get $payload) (i32.const 4))))
    (i32.store $records offset=32 (local.get $end)
      (i32.add (i32.const 4) (i32.and (local.get $payload) (i32.const 15)))))

  ;; A guest reads or writes, and the other end is the host's.
  (func $begin (@name "copy through the engine") (export "begin") (param $end i32) (param $host i32)
    (local $payload i32)
    (local.set $payload
      (call_indirect $functions (type $copy)
        (i64.load $records offset=64 (local.get $end))
        (i32.load $records offset=56 (local.get $end))
        (i32.sub
          (i32.load $records offset=52 (local.get $end))
          (i32.load $records offset=56 (local.get $end)))
        (i32.load $records offset=80 (local.get $host))
        (i32.add
          (i32.load $records offset=48 (local.get $end))
          (i32.load $records offset=84 (local.get $host)))))
    (if (i32.eq (local.get $payload) (i32.const -1))
      (then (call $watch (local.get $host)))
      (else (call $settle (local.get $end) (local.get $payload)))))

  ;; An event of the engine has come for an end of ours.
  (func (@name "event of the engine's end") (export "event")
    (param $handle i32) (param $payload i32)
    (local $host i32)
    (local.set $host (global.get $first))
    (loop $next
      (if (i32.eqz (local.get $host)) (then (return)))
      (if
        (i32.ne
          (i32.load $records offset=80 (local.get $host))
          (local.get $handle))
        (then
          (local.set $host (i32.load $records offset=96 (local.get $host)))
          (br $next))))
    (call $forget (local.get $host))
    (local.set $host (i32.load $records offset=40 (local.get $host)))
    (call $settle (local.get $host) (local.get $payload))
    (call $pend (local.get $host)))

  ;; What a guest reads or writes is cancelled.
  (func (@name "cancel copy through the engine") (export "stop") (param $host i32)
    (call $forget (local.get $host))
    (call $settle
      (i32.load $records offset=40 (local.get $host))
      (call_indirect $functions (type $cancel)
        (i32.load $records offset=80 (local.get $host))
        (i32.load $records offset=88 (local.get $host)))))

  ;; The guest has dropped its end.
  (func $shut (@name "drop the engine's end") (export "shut") (param $host i32)
    (call_indirect $functions (type $drop)
      (i32.load $records offset=80 (local.get $host))
      (i32.add (i32.load $records offset=88 (local.get $host)) (i32.const 1)))
    (call $free (local.get $host)))

  ;; An end is the host's from now on, and this one of the engine's is ours. If the guest waits at the
  ;; other end, and knows of nothing yet, it goes on waiting there.
  (func (@name "end is the host's") (export "tie")
    (param $host i32) (param $handle i32) (param $part i32) (param $ops i32)
    (local $end i32)
    (i32.store $records offset=80 (local.get $host) (local.get $handle))
    (i32.store $records offset=84 (local.get $host) (local.get $part))
    (i32.store $records offset=88 (local.get $host) (local.get $ops))
    (local.set $end (i32.load $records offset=40 (local.get $host)))
    (if (i32.eqz (local.get $end))
      (then
        (call $shut (local.get $host))
        (return)))
    (if (i32.eqz (i32.load $records offset=60 (local.get $end))) (then (return)))
    (if (i32.load $records offset=32 (local.get $end))
      (then
        (i32.store $records offset=60 (local.get $end) (i32.const 0))
        (return)))
    (call $begin (local.get $end) (local.get $host))
    (if (i32.load $records offset=32 (local.get $end)) (then (call $pend (local.get $end)))))

  ;; An end that leaves for the host, and has come from there: the engine's, or 0.
  (func (@name "end was the host's") (export "claim") (param $end i32) (result i32)
    (local $host i32)
    (local $handle i32)
    (local.set $host (i32.load $records offset=40 (local.get $end)))
    (if (i32.eqz (local.get $host)) (then (return (i32.const 0))))
    (local.set $handle (i32.load $records offset=80 (local.get $host)))
    (if (local.get $handle)
      (then
        (call $free (local.get $host))
        (call $free (local.get $end))))
    (local.get $handle)))
