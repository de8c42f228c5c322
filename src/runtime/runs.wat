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
    (local $bytes i64)
    (block $few
      (loop $eight
        (br_if $few (from.lt_u (from.sub (local.get $end) (local.get $ptr)) (from.const 8)))
        (local.set $bytes (i64.load $from align=1 (local.get $ptr)))
        (br_if $few
          (i64.ne (i64.and (local.get $bytes) (i64.const 0x8080808080808080)) (i64.const 0)))
        (i64.store $to align=1 (local.get $out) (local.get $bytes))
        (local.set $ptr (from.add (local.get $ptr) (from.const 8)))
        (local.set $out (to.add (local.get $out) (to.const 8)))
        (br $eight)))
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
    (local $last from.ptr)
    (local $masks i64)
    (local.set $masks
      (i64.mul (i64.extend_i32_u (local.get $mask)) (i64.const 0x0101010101010101)))
    (block $fewer
      (br_if $fewer (from.lt_u (from.sub (local.get $end) (local.get $ptr)) (from.const 16)))
      ;; where the last sixteen bytes begin
      (local.set $last (from.sub (local.get $end) (from.const 16)))
      (loop $sixteen
        (br_if $fewer
          (i64.ne
            (i64.and
              (i64.or
                (i64.load $from align=1 (local.get $ptr))
                (i64.load $from offset=8 align=1 (local.get $ptr)))
              (local.get $masks))
            (i64.const 0)))
        (i64.store $to align=1 (local.get $out)
          (call $spread
            (i64.load16_u $from align=1 (local.get $ptr))
            (i64.load16_u $from offset=2 align=1 (local.get $ptr))))
        (i64.store $to offset=8 align=1 (local.get $out)
          (call $spread
            (i64.load16_u $from offset=4 align=1 (local.get $ptr))
            (i64.load16_u $from offset=6 align=1 (local.get $ptr))))
        (i64.store $to offset=16 align=1 (local.get $out)
          (call $spread
            (i64.load16_u $from offset=8 align=1 (local.get $ptr))
            (i64.load16_u $from offset=10 align=1 (local.get $ptr))))
        (i64.store $to offset=24 align=1 (local.get $out)
          (call $spread
            (i64.load16_u $from offset=12 align=1 (local.get $ptr))
            (i64.load16_u $from offset=14 align=1 (local.get $ptr))))
        (local.set $out (to.add (local.get $out) (to.const 32)))
        (br_if $sixteen
          (from.le_u
            (local.tee $ptr (from.add (local.get $ptr) (from.const 16)))
            (local.get $last)))
        ;; the last sixteen once more, if there are less
        (if (from.lt_u (local.get $ptr) (local.get $end))
          (then
            (local.set $out
              (to.sub
                (local.get $out)
                (to.extend
                  (i32.shl
                    (from.wrap (from.sub (local.get $ptr) (local.get $last)))
                    (i32.const 1)))))
            (local.set $ptr (local.get $last))
            (br $sixteen)))))
    (block $few
      (loop $four
        (br_if $few (from.lt_u (from.sub (local.get $end) (local.get $ptr)) (from.const 4)))
        (br_if $few
          (i64.ne
            (i64.and (i64.load32_u $from align=1 (local.get $ptr)) (local.get $masks))
            (i64.const 0)))
        (i64.store $to align=1 (local.get $out)
          (call $spread
            (i64.load16_u $from align=1 (local.get $ptr))
            (i64.load16_u $from offset=2 align=1 (local.get $ptr))))
        (local.set $ptr (from.add (local.get $ptr) (from.const 4)))
        (local.set $out (to.add (local.get $out) (to.const 8)))
        (br $four)))
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

  ;; Four units of four bytes. They are read as two and two, which is less to do than to read them together: each
  ;; byte has one step to go, not two.
  (func $spread (@name "spread") (param $bytes i64) (param $more i64) (result i64)
    (local.set $bytes
      (i64.or (local.get $bytes) (i64.shl (local.get $more) (i64.const 32))))
    (i64.and
      (i64.or (local.get $bytes) (i64.shl (local.get $bytes) (i64.const 8)))
      (i64.const 0x00ff00ff00ff00ff)))

  ;; Units to bytes, as long as they have none of the bits of `mask`.
  (func (@name "narrow") (export "narrow")
    (param $ptr from.ptr) (param $end from.ptr) (param $out to.ptr) (param $mask i32)
    (result from.ptr)
    (local $unit i32)
    (local $units i64)
    (local $masks i64)
    (local.set $masks
      (i64.mul (i64.extend_i32_u (local.get $mask)) (i64.const 0x0001000100010001)))
    (block $few
      (loop $four
        (br_if $few (from.lt_u (from.sub (local.get $end) (local.get $ptr)) (from.const 8)))
        (local.set $units (i64.load $from align=1 (local.get $ptr)))
        (br_if $few
          (i64.ne (i64.and (local.get $units) (local.get $masks)) (i64.const 0)))
        ;; each unit goes half as far
        (local.set $units
          (i64.and
            (i64.or (local.get $units) (i64.shr_u (local.get $units) (i64.const 8)))
            (i64.const 0x0000ffff0000ffff)))
        (i64.store32 $to align=1
          (local.get $out)
          (i64.or (local.get $units) (i64.shr_u (local.get $units) (i64.const 16))))
        (local.set $ptr (from.add (local.get $ptr) (from.const 8)))
        (local.set $out (to.add (local.get $out) (to.const 4)))
        (br $four)))
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
