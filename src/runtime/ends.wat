;; The two ends of streams and futures, and what goes through them (*Stream State* and *Future State* in
;; the specification).
;;
;; A stream, or a future, is no record of its own: it is two ends that know each other. The first that
;; wants to read or write leaves its buffer in its end, and waits; the second copies as much as there is
;; and there is room for, and both know how much. Nothing is kept in between.
;;
;;   an end waits               as long as the other may copy from its buffer, or into it: that is until its
;;                              event is delivered, unless its copy is over before. So what was copied in
;;                              parts is one event.
;;   the type of an end         a number: +1 if it is the writable one, +2 if of a future, +4 if values are
;;                              numbers, or there are none; and 8 times which type it is
;;   state                      0 idle, 1 copying, 2 done
;;   the outcome of its copy    0 not known yet; 4 completed, 5 the other end is dropped, 6 cancelled
;;
;; An end goes from one instance to another as it is, for it has to be idle then, and in no set. One that
;; goes to the host stays, and says what is to be done in the engine instead (hosts.wat).
;;
;; Values are copied by a function of the fused module, one for each type and two ends of it with their
;; options. It has a place in the table, which is the sum of what the built-ins of reading and of writing
;; say; the place is 0 where there are no values.
(module $ends
  ;; the buffer to read and how far it has been read, the other and how far it has been written, how many
  (type $copy (func (param i64 i32 i64 i32 i32)))
  (memory $records (import "records" "memory") 1)
  (table $functions (import "functions" "table") 0 funcref)
  (func $new (import "records" "new") (param i32) (result i32))
  (func $free (import "records" "free") (param i32))
  (func $pend (import "sets" "pend") (param i32))
  (func $clear (import "sets" "clear") (param i32))
  (func $join (import "sets" "join") (param i32 i32))
  (func $begin (import "hosts" "begin") (param i32 i32))
  (func $stop (import "hosts" "stop") (param i32))
  (func $shut (import "hosts" "shut") (param i32))

  (func $not_it (@name "canon trap: handle is not of this end of such a stream or future") unreachable)
  (func $busy (@name "canon trap: end of a stream or future is busy") unreachable)
  (func $idle (@name "canon trap: nothing is read or written that could be cancelled") unreachable)
  (func $done (@name "canon trap: stream or future is done") unreachable)
  (func $in_set (@name "canon trap: end of a stream or future is in a waitable set") unreachable)
  (func $unwritten (@name "canon trap: future is dropped without a value") unreachable)
  (func $too_long (@name "canon trap: buffer is too long") unreachable)
  (func $itself (@name "canon trap: instance reads what it writes itself, and it is no number")
    unreachable)

  ;; `canon stream.new` and `future.new`: the readable end of that type
  (func (@name "new stream or future") (export "new") (param $type i32) (result i32)
    (local $readable i32)
    (local $writable i32)
    (local.set $readable (call $new (i32.const 4)))
    (local.set $writable (call $new (i32.const 4)))
    (i32.store $records offset=76 (local.get $readable) (local.get $type))
    (i32.store $records offset=76 (local.get $writable) (i32.or (local.get $type) (i32.const 1)))
    (i32.store $records offset=40 (local.get $readable) (local.get $writable))
    (i32.store $records offset=40 (local.get $writable) (local.get $readable))
    (local.get $readable))

  ;; The other end; 0: it has been dropped.
  (func (@name "other end") (export "other") (param $end i32) (result i32)
    (i32.load $records offset=40 (local.get $end)))

  ;; An end has a handle, in the table of whoever has it.
  (func (@name "end has handle") (export "named") (param $end i32) (param $handle i32) (result i32)
    (i32.store $records offset=4 (local.get $end) (local.get $handle))
    (local.get $handle))

  ;; What a handle stands for has to be an end of that type.
  (func $check (@name "check end") (param $end i32) (param $type i32)
    (if
      (i32.or
        (i32.ne (i32.load $records (local.get $end)) (i32.const 4))
        (i32.ne (i32.load $records offset=76 (local.get $end)) (local.get $type)))
      (then (call $not_it))))

  ;; It has to be idle.
  (func $check_idle (@name "check that end is idle") (param $end i32)
    (if (i32.eq (i32.load $records offset=44 (local.get $end)) (i32.const 2)) (then (call $done)))
    (if (i32.load $records offset=44 (local.get $end)) (then (call $busy))))

  ;; It has to be in no set: who waits for it is a call, or it moves to another instance.
  (func $check_alone (@name "check that end is in no set") (export "alone") (param $end i32)
    (if (i32.load $records offset=8 (local.get $end)) (then (call $in_set))))

  ;; *lift_stream* and *lift_future*: an end leaves its instance; its handle is gone already.
  (func (@name "lift end") (export "lift") (param $end i32) (param $type i32) (result i32)
    (call $check (local.get $end) (local.get $type))
    (call $check_idle (local.get $end))
    (call $check_alone (local.get $end))
    (local.get $end))

  ;; There is an outcome: an event, which has the latest.
  (func $notify (@name "notify end") (param $end i32) (param $outcome i32)
    (i32.store $records offset=32 (local.get $end) (local.get $outcome))
    (call $pend (local.get $end)))

  ;; The same, and its buffer is not used any more.
  (func $finish (@name "finish copy") (param $end i32) (param $outcome i32)
    (i32.store $records offset=60 (local.get $end) (i32.const 0))
    (call $notify (local.get $end) (local.get $outcome)))

  ;; The outcome of a copy whose end is told at once: it needs no event.
  (func $tell (@name "tell end") (param $end i32) (param $outcome i32)
    (i32.store $records offset=32 (local.get $end) (local.get $outcome)))

  ;; How many values an end can still read or write
  (func $remaining (@name "remaining values") (param $end i32) (result i32)
    (i32.sub
      (i32.load $records offset=52 (local.get $end))
      (i32.load $records offset=56 (local.get $end))))

  ;; So many values go from the writable end to the readable one.
  (func $transfer (@name "copy values") (param $end i32) (param $other i32) (param $count i32)
    (local $from i32)
    (local $to i32)
    (local $place i32)
    (if (i32.and (i32.load $records offset=76 (local.get $end)) (i32.const 1))
      (then
        (local.set $from (local.get $end))
        (local.set $to (local.get $other)))
      (else
        (local.set $from (local.get $other))
        (local.set $to (local.get $end))))
    (local.set $place
      (i32.add
        (i32.load $records offset=48 (local.get $from))
        (i32.load $records offset=48 (local.get $to))))
    (if (local.get $place)
      (then
        (call_indirect $functions (type $copy)
          (i64.load $records offset=64 (local.get $from))
          (i32.load $records offset=56 (local.get $from))
          (i64.load $records offset=64 (local.get $to))
          (i32.load $records offset=56 (local.get $to))
          (local.get $count)
          (local.get $place))))
    (i32.store $records offset=56 (local.get $from)
      (i32.add (i32.load $records offset=56 (local.get $from)) (local.get $count)))
    (i32.store $records offset=56 (local.get $to)
      (i32.add (i32.load $records offset=56 (local.get $to)) (local.get $count))))

  ;; The other end waits, and so they meet: not in one instance, unless values are numbers.
  (func $check_other (@name "check instances") (param $end i32) (param $other i32)
    (if
      (i32.and
        (i32.eqz (i32.and (i32.load $records offset=76 (local.get $end)) (i32.const 4)))
        (i32.eq
          (i32.load $records offset=36 (local.get $end))
          (i32.load $records offset=36 (local.get $other))))
      (then (call $itself))))

  ;; *SharedStreamImpl.read* and *write*
  (func $meet_stream (@name "copy through stream") (param $end i32) (param $other i32)
    (local $count i32)
    (local $offered i32)
    (local.set $offered (call $remaining (local.get $other)))
    (local.set $count (call $remaining (local.get $end)))
    (if (local.get $offered)
      (then
        (if (local.get $count)
          (then
            (call $transfer (local.get $end) (local.get $other)
              (select (local.get $count) (local.get $offered)
                (i32.lt_u (local.get $count) (local.get $offered))))
            (call $notify (local.get $other) (i32.const 4))))
        (call $tell (local.get $end) (i32.const 4))
        (return)))
    ;; Of two that are empty, the one that writes goes on.
    (if
      (i32.and
        (i32.and (i32.load $records offset=76 (local.get $end)) (i32.const 1))
        (i32.eqz
          (i32.or
            (i32.load $records offset=52 (local.get $end))
            (i32.load $records offset=52 (local.get $other)))))
      (then
        (call $tell (local.get $end) (i32.const 4))
        (return)))
    (call $finish (local.get $other) (i32.const 4))
    (i32.store $records offset=60 (local.get $end) (i32.const 1)))

  ;; *SharedFutureImpl.read* and *write*
  (func $meet_future (@name "copy through future") (param $end i32) (param $other i32)
    (call $transfer (local.get $end) (local.get $other) (i32.const 1))
    (call $finish (local.get $other) (i32.const 4))
    (call $tell (local.get $end) (i32.const 4)))

  ;; `canon stream.read` and so on, up to where it would block: what it returns, or -1
  (func (@name "read or write") (export "copy")
    (param $end i32) (param $type i32) (param $instance i32) (param $options i32)
    (param $pointer i64) (param $length i64) (result i32)
    (local $other i32)
    (call $check (local.get $end) (local.get $type))
    (call $check_idle (local.get $end))
    (if (i64.gt_u (local.get $length) (i64.const 0x0fffffff)) (then (call $too_long)))
    (i32.store $records offset=36 (local.get $end) (local.get $instance))
    (i32.store $records offset=44 (local.get $end) (i32.const 1))
    (i32.store $records offset=48 (local.get $end) (local.get $options))
    (i32.store $records offset=52 (local.get $end) (i32.wrap_i64 (local.get $length)))
    (i32.store $records offset=56 (local.get $end) (i32.const 0))
    (i64.store $records offset=64 (local.get $end) (local.get $pointer))
    (local.set $other (i32.load $records offset=40 (local.get $end)))
    (if (i32.eqz (local.get $other))
      (then (call $tell (local.get $end) (i32.const 5)))
      (else
        (if (i32.load $records offset=60 (local.get $other))
          (then
            (call $check_other (local.get $end) (local.get $other))
            (if (i32.and (local.get $type) (i32.const 2))
              (then (call $meet_future (local.get $end) (local.get $other)))
              (else (call $meet_stream (local.get $end) (local.get $other)))))
          (else
            (i32.store $records offset=60 (local.get $end) (i32.const 1))
            (if (i32.load $records offset=80 (local.get $other))
              (then (call $begin (local.get $end) (local.get $other))))))))
    (if (i32.load $records offset=32 (local.get $end))
      (then (return (call $deliver (local.get $end)))))
    (i32.const -1))

  ;; What has become of a copy: whoever has the end knows from then on, and it is idle or done.
  (func $deliver (@name "deliver outcome") (export "deliver") (param $end i32) (result i32)
    (local $outcome i32)
    (local $future i32)
    (call $clear (local.get $end))
    (i32.store $records offset=60 (local.get $end) (i32.const 0))
    (local.set $outcome (i32.load $records offset=32 (local.get $end)))
    (local.set $future (i32.and (i32.load $records offset=76 (local.get $end)) (i32.const 2)))
    (i32.store $records offset=32 (local.get $end) (i32.const 0))
    (i32.store $records offset=44 (local.get $end)
      (select (i32.const 2) (i32.const 0)
        (i32.or
          (i32.eq (local.get $outcome) (i32.const 5))
          (i32.and
            (i32.eq (local.get $outcome) (i32.const 4))
            (i32.ne (local.get $future) (i32.const 0))))))
    (i32.or
      (i32.sub (local.get $outcome) (i32.const 4))
      (select
        (i32.const 0)
        (i32.shl (i32.load $records offset=56 (local.get $end)) (i32.const 4))
        (local.get $future))))

  ;; Its event: the code, the handle, the payload
  (func (@name "event of end") (export "event") (param $end i32) (result i32 i32 i32)
    (i32.add (i32.const 2) (i32.and (i32.load $records offset=76 (local.get $end)) (i32.const 3)))
    (i32.load $records offset=4 (local.get $end))
    (call $deliver (local.get $end)))

  ;; `canon stream.cancel-read` and so on. It is over at once, for the other end is in the module, too, or the
  ;; engine says what has become of it. What has been copied of a stream before is told as cancelled.
  (func (@name "cancel copy") (export "cancel") (param $end i32) (param $type i32) (result i32)
    (local $other i32)
    (call $check (local.get $end) (local.get $type))
    (if
      (i32.or
        (i32.ne (i32.load $records offset=44 (local.get $end)) (i32.const 1))
        (i32.load8_u $records offset=21 (local.get $end)))
      (then (call $idle)))
    (local.set $other (i32.load $records offset=40 (local.get $end)))
    (if
      (i32.and
        (i32.eqz (i32.load $records offset=32 (local.get $end)))
        (i32.ne (local.get $other) (i32.const 0)))
      (then
        (if (i32.load $records offset=80 (local.get $other))
          (then
            (call $stop (local.get $other))
            (return (call $deliver (local.get $end)))))))
    (if
      (i32.or
        (i32.eqz (i32.load $records offset=32 (local.get $end)))
        (i32.and
          (i32.eq (i32.load $records offset=32 (local.get $end)) (i32.const 4))
          (i32.eqz (i32.and (local.get $type) (i32.const 2)))))
      (then (call $tell (local.get $end) (i32.const 6))))
    (call $deliver (local.get $end)))

  ;; `canon stream.drop-readable` and so on; its handle is gone already.
  (func (@name "drop end") (export "drop") (param $end i32) (param $type i32)
    (local $other i32)
    (call $check (local.get $end) (local.get $type))
    (if
      (i32.and
        (i32.eq (i32.and (local.get $type) (i32.const 3)) (i32.const 3))
        (i32.ne (i32.load $records offset=44 (local.get $end)) (i32.const 2)))
      (then (call $unwritten)))
    (if (i32.eq (i32.load $records offset=44 (local.get $end)) (i32.const 1)) (then (call $busy)))
    (local.set $other (i32.load $records offset=40 (local.get $end)))
    (if (local.get $other)
      (then
        (i32.store $records offset=40 (local.get $other) (i32.const 0))
        (if (i32.load $records offset=80 (local.get $other)) (then (call $shut (local.get $other))))
        (if (i32.load $records offset=60 (local.get $other))
          (then (call $finish (local.get $other) (i32.const 5))))))
    (call $join (local.get $end) (i32.const 0))
    (call $free (local.get $end))))
