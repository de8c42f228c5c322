;; Room for what the runtime keeps: a memory, of which parts are given away, one after another.
;;
;; There is no page at first. An engine makes a memory without one in a fraction of the time, and many an
;; instance never puts anything there.
;;
;; Nothing is taken back; but what was given last can be made longer, for what comes next begins where it
;; ends (`heap`). What is fresh is zero, for nothing has written there.
(module $room
  (memory (export "memory") 0)
  ;; Written when it is known: where the first part begins. Address 0 is where nothing is.
  (global $heap (export "heap") (mut i32) (i32.const 16))

  ;; So many bytes more, a multiple of 16: where they begin; 0 if there are none
  (func (@name "take room") (export "take") (param $bytes i32) (result i32)
    (local $at i32)
    (local $end i32)
    (local $missing i32)
    (local.set $at (global.get $heap))
    (local.set $end (i32.add (local.get $at) (local.get $bytes)))
    (if (i32.lt_u (local.get $end) (local.get $at)) (then (return (i32.const 0))))
    (local.set $missing
      (i32.sub
        (i32.add (i32.shr_u (i32.sub (local.get $end) (i32.const 1)) (i32.const 16)) (i32.const 1))
        (memory.size)))
    (if (i32.gt_s (local.get $missing) (i32.const 0))
      (then
        (if (i32.eq (memory.grow (local.get $missing)) (i32.const -1))
          (then (return (i32.const 0))))))
    (global.set $heap (local.get $end))
    (local.get $at)))
