;; Runs of code units that need no decoding: what the transcoder has most to do with.
;;
;; Each function moves units from `ptr` to `out` until it comes to `end`, or to one that is not of
;; its kind, and returns where it stopped reading. For `from.` and `to.` see `pointers.rs`.
(module $runs
  (import "memory" "0" (memory $from from.ptr 0))
  (import "memory" "1" (memory $to to.ptr 0))

  ;; Bytes to bytes, as long as they are ASCII.
  (func (@name "copy ascii") (export "copy-ascii")
    (param $ptr from.ptr) (param $end from.ptr) (param $out to.ptr) (result from.ptr)
    (local $byte i32)
    (block $done
      (loop $next
        (br_if $done (from.eq (local.get $ptr) (local.get $end)))
        (local.set $byte (i32.load8_u $from (local.get $ptr)))
        (br_if $done (i32.and (local.get $byte) (i32.const 0x80)))
        (i32.store8 $to (local.get $out) (local.get $byte))
        (local.set $ptr (from.add (local.get $ptr) (from.const 1)))
        (local.set $out (to.add (local.get $out) (to.const 1)))
        (br $next)))
    (local.get $ptr))

  ;; Units of UTF-16 to units, as long as they are no surrogates.
  (func (@name "copy units") (export "copy-units")
    (param $ptr from.ptr) (param $end from.ptr) (param $out to.ptr) (result from.ptr)
    (local $unit i32)
    (block $done
      (loop $next
        (br_if $done (from.eq (local.get $ptr) (local.get $end)))
        (local.set $unit (i32.load16_u $from (local.get $ptr)))
        (br_if $done
          (i32.eq (i32.and (local.get $unit) (i32.const 0xf800)) (i32.const 0xd800)))
        (i32.store16 $to (local.get $out) (local.get $unit))
        (local.set $ptr (from.add (local.get $ptr) (from.const 2)))
        (local.set $out (to.add (local.get $out) (to.const 2)))
        (br $next)))
    (local.get $ptr))

  ;; Bytes to units, as long as they have none of the bits of `mask`.
  (func (@name "widen") (export "widen")
    (param $ptr from.ptr) (param $end from.ptr) (param $out to.ptr) (param $mask i32)
    (result from.ptr)
    (local $byte i32)
    (block $done
      (loop $next
        (br_if $done (from.eq (local.get $ptr) (local.get $end)))
        (local.set $byte (i32.load8_u $from (local.get $ptr)))
        (br_if $done (i32.and (local.get $byte) (local.get $mask)))
        (i32.store16 $to (local.get $out) (local.get $byte))
        (local.set $ptr (from.add (local.get $ptr) (from.const 1)))
        (local.set $out (to.add (local.get $out) (to.const 2)))
        (br $next)))
    (local.get $ptr))

  ;; Units to bytes, as long as they have none of the bits of `mask`.
  (func (@name "narrow") (export "narrow")
    (param $ptr from.ptr) (param $end from.ptr) (param $out to.ptr) (param $mask i32)
    (result from.ptr)
    (local $unit i32)
    (block $done
      (loop $next
        (br_if $done (from.eq (local.get $ptr) (local.get $end)))
        (local.set $unit (i32.load16_u $from (local.get $ptr)))
        (br_if $done (i32.and (local.get $unit) (local.get $mask)))
        (i32.store8 $to (local.get $out) (local.get $unit))
        (local.set $ptr (from.add (local.get $ptr) (from.const 2)))
        (local.set $out (to.add (local.get $out) (to.const 1)))
        (br $next)))
    (local.get $ptr))

  ;; `count` bytes become units in their own place: from the end, so that nothing is overwritten
  ;; before it is read.
  (func (@name "widen in place") (export "widen-in-place") (param $out to.ptr) (param $count i32)
    (loop $next
      (if (i32.eqz (local.get $count)) (then (return)))
      (local.set $count (i32.sub (local.get $count) (i32.const 1)))
      (i32.store16 $to
        (to.add (local.get $out) (to.extend (i32.shl (local.get $count) (i32.const 1))))
        (i32.load8_u $to (to.add (local.get $out) (to.extend (local.get $count)))))
      (br $next))))
