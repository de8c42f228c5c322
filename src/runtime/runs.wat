;; Runs of code units that need no decoding: what the transcoder has most to do with.
;;
;; Each function moves units from `ptr` to `out` until it comes to `end`, or to one that is not of
;; its kind, and returns where it stopped reading.
(module $runs
  (import "memory" "0" (memory $from 0))
  (import "memory" "1" (memory $to 0))

  ;; Bytes to bytes, as long as they are ASCII.
  (func (@name "copy ascii") (export "copy-ascii")
    (param $ptr i32) (param $end i32) (param $out i32) (result i32)
    (local $byte i32)
    (block $done
      (loop $next
        (br_if $done (i32.eq (local.get $ptr) (local.get $end)))
        (local.set $byte (i32.load8_u $from (local.get $ptr)))
        (br_if $done (i32.and (local.get $byte) (i32.const 0x80)))
        (i32.store8 $to (local.get $out) (local.get $byte))
        (local.set $ptr (i32.add (local.get $ptr) (i32.const 1)))
        (local.set $out (i32.add (local.get $out) (i32.const 1)))
        (br $next)))
    (local.get $ptr))

  ;; Units of UTF-16 to units, as long as they are no surrogates.
  (func (@name "copy units") (export "copy-units")
    (param $ptr i32) (param $end i32) (param $out i32) (result i32)
    (local $unit i32)
    (block $done
      (loop $next
        (br_if $done (i32.eq (local.get $ptr) (local.get $end)))
        (local.set $unit (i32.load16_u $from (local.get $ptr)))
        (br_if $done
          (i32.eq (i32.and (local.get $unit) (i32.const 0xf800)) (i32.const 0xd800)))
        (i32.store16 $to (local.get $out) (local.get $unit))
        (local.set $ptr (i32.add (local.get $ptr) (i32.const 2)))
        (local.set $out (i32.add (local.get $out) (i32.const 2)))
        (br $next)))
    (local.get $ptr))

  ;; Bytes to units, as long as they have none of the bits of `mask`.
  (func (@name "widen") (export "widen")
    (param $ptr i32) (param $end i32) (param $out i32) (param $mask i32) (result i32)
    (local $byte i32)
    (block $done
      (loop $next
        (br_if $done (i32.eq (local.get $ptr) (local.get $end)))
        (local.set $byte (i32.load8_u $from (local.get $ptr)))
        (br_if $done (i32.and (local.get $byte) (local.get $mask)))
        (i32.store16 $to (local.get $out) (local.get $byte))
        (local.set $ptr (i32.add (local.get $ptr) (i32.const 1)))
        (local.set $out (i32.add (local.get $out) (i32.const 2)))
        (br $next)))
    (local.get $ptr))

  ;; Units to bytes, as long as they have none of the bits of `mask`.
  (func (@name "narrow") (export "narrow")
    (param $ptr i32) (param $end i32) (param $out i32) (param $mask i32) (result i32)
    (local $unit i32)
    (block $done
      (loop $next
        (br_if $done (i32.eq (local.get $ptr) (local.get $end)))
        (local.set $unit (i32.load16_u $from (local.get $ptr)))
        (br_if $done (i32.and (local.get $unit) (local.get $mask)))
        (i32.store8 $to (local.get $out) (local.get $unit))
        (local.set $ptr (i32.add (local.get $ptr) (i32.const 2)))
        (local.set $out (i32.add (local.get $out) (i32.const 1)))
        (br $next)))
    (local.get $ptr))

  ;; `count` bytes become units in their own place: from the end, so that nothing is overwritten
  ;; before it is read.
  (func (@name "widen in place") (export "widen-in-place") (param $out i32) (param $count i32)
    (loop $next
      (if (i32.eqz (local.get $count)) (then (return)))
      (local.set $count (i32.sub (local.get $count) (i32.const 1)))
      (i32.store16 $to
        (i32.add (local.get $out) (i32.shl (local.get $count) (i32.const 1)))
        (i32.load8_u $to (i32.add (local.get $out) (local.get $count))))
      (br $next))))
