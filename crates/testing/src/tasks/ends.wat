;; The ends of streams that a task has.
;; An engine may say of an end that is idle that the other one is gone: it hears that when it asks.
(func $copied (param $frame i32) (param $code i32) (param $payload i32)
  (if (i32.eq (local.get $code) (i32.const 2))
    (then
      (if (i32.eq (i32.load offset=36 (local.get $frame)) (i32.const 2))
        (then (call $read-progress (local.get $frame) (local.get $payload)))))
    (else
      (if (i32.ne (local.get $code) (i32.const 3)) (then unreachable))
      (if (i32.eq (i32.load offset=40 (local.get $frame)) (i32.const 2))
        (then (call $write-progress (local.get $frame) (local.get $payload)))))))
;; a new stream, of which the frame has the writable end, and the caller the other
(func $made (param $frame i32) (result i32)
  (local $ends i64)
  (local.set $ends (call $make))
  (i32.store offset=32 (local.get $frame) (i32.wrap_i64 (i64.shr_u (local.get $ends) (i64.const 32))))
  (i32.store offset=56 (local.get $frame) (i32.const 0))
  (call $join (i32.load offset=32 (local.get $frame)) (i32.load offset=16 (local.get $frame)))
  (i32.wrap_i64 (local.get $ends)))
;; what is under way is cancelled
(func $revoke (param $frame i32)
  (local $result i32)
  (if (i32.eq (i32.load offset=40 (local.get $frame)) (i32.const 2))
    (then
      (local.set $result (call $cancel-write (i32.load offset=32 (local.get $frame))))
      (call $tell-free (local.get $frame) (i32.const 13) (local.get $result))
      (call $write-progress (local.get $frame) (local.get $result)))))
(func $refrain (param $frame i32)
  (local $result i32)
  (if (i32.eq (i32.load offset=36 (local.get $frame)) (i32.const 2))
    (then
      (local.set $result (call $cancel-read (i32.load offset=28 (local.get $frame))))
      (call $tell-free (local.get $frame) (i32.const 13) (local.get $result))
      (call $read-progress (local.get $frame) (local.get $result)))))
(func $finish (param $frame i32)
  (if (i32.load offset=32 (local.get $frame))
    (then
      (call $revoke (local.get $frame))
      (i32.store offset=40 (local.get $frame) (i32.const 0))
      (call $join (i32.load offset=32 (local.get $frame)) (i32.const 0))
      (call $drop-writable (i32.load offset=32 (local.get $frame)))
      (i32.store offset=32 (local.get $frame) (i32.const 0)))))
(func $leave (param $frame i32)
  (if (i32.load offset=28 (local.get $frame))
    (then
      (call $refrain (local.get $frame))
      (i32.store offset=36 (local.get $frame) (i32.const 0))
      (call $join (i32.load offset=28 (local.get $frame)) (i32.const 0))
      (call $drop-readable (i32.load offset=28 (local.get $frame)))
      (i32.store offset=28 (local.get $frame) (i32.const 0)))))
(func $let-go (param $frame i32)
  (call $finish (local.get $frame))
  (call $leave (local.get $frame)))
