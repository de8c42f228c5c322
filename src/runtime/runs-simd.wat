;; Runs of code units that need no decoding, sixteen bytes at a time (see `runs.wat`, which has the
;; contracts, and goes through what remains and finds where exactly a run ends).
(module $runs-simd
  (import "memory" "0" (memory $from from.ptr 0))
  (import "memory" "1" (memory $to to.ptr 0))
  (import "func" "0" (func $copy_ascii (param from.ptr from.ptr to.ptr) (result from.ptr)))
  (import "func" "1" (func $copy_units (param from.ptr from.ptr to.ptr) (result from.ptr)))
  (import "func" "2" (func $widen (param from.ptr from.ptr to.ptr i32) (result from.ptr)))
  (import "func" "3" (func $narrow (param from.ptr from.ptr to.ptr i32) (result from.ptr)))
  (import "func" "4" (func $widen_in_place (param to.ptr i32)))

  (func (@name "copy ascii") (export "copy-ascii")
    (param $ptr from.ptr) (param $end from.ptr) (param $out to.ptr) (result from.ptr)
    (local $bytes v128)
    (block $done
      (loop $next
        (br_if $done (from.lt_u (from.sub (local.get $end) (local.get $ptr)) (from.const 16)))
        (local.set $bytes (v128.load $from align=1 (local.get $ptr)))
        (br_if $done (i8x16.bitmask (local.get $bytes)))
        (v128.store $to align=1 (local.get $out) (local.get $bytes))
        (local.set $ptr (from.add (local.get $ptr) (from.const 16)))
        (local.set $out (to.add (local.get $out) (to.const 16)))
        (br $next)))
    (call $copy_ascii (local.get $ptr) (local.get $end) (local.get $out)))

  (func (@name "copy units") (export "copy-units")
    (param $ptr from.ptr) (param $end from.ptr) (param $out to.ptr) (result from.ptr)
    (local $units v128)
    (block $done
      (loop $next
        (br_if $done (from.lt_u (from.sub (local.get $end) (local.get $ptr)) (from.const 16)))
        (local.set $units (v128.load $from align=1 (local.get $ptr)))
        (br_if $done
          (v128.any_true
            (i16x8.eq
              (v128.and (local.get $units) (i16x8.splat (i32.const 0xf800)))
              (i16x8.splat (i32.const 0xd800)))))
        (v128.store $to align=1 (local.get $out) (local.get $units))
        (local.set $ptr (from.add (local.get $ptr) (from.const 16)))
        (local.set $out (to.add (local.get $out) (to.const 16)))
        (br $next)))
    (call $copy_units (local.get $ptr) (local.get $end) (local.get $out)))

  (func (@name "widen") (export "widen")
    (param $ptr from.ptr) (param $end from.ptr) (param $out to.ptr) (param $mask i32)
    (result from.ptr)
    (local $bytes v128)
    (local $second v128)
    (if (i32.eqz (local.get $mask))
      (then
        (block $few
          (loop $all
            (br_if $few
              (from.lt_u (from.sub (local.get $end) (local.get $ptr)) (from.const 32)))
            (v128.store $to align=1 (local.get $out)
              (v128.load8x8_u $from align=1 (local.get $ptr)))
            (v128.store $to offset=16 align=1 (local.get $out)
              (v128.load8x8_u $from offset=8 align=1 (local.get $ptr)))
            (v128.store $to offset=32 align=1 (local.get $out)
              (v128.load8x8_u $from offset=16 align=1 (local.get $ptr)))
            (v128.store $to offset=48 align=1 (local.get $out)
              (v128.load8x8_u $from offset=24 align=1 (local.get $ptr)))
            (local.set $ptr (from.add (local.get $ptr) (from.const 32)))
            (local.set $out (to.add (local.get $out) (to.const 64)))
            (br $all)))))
    (block $few
      (loop $two
        (br_if $few (from.lt_u (from.sub (local.get $end) (local.get $ptr)) (from.const 32)))
        (local.set $bytes (v128.load $from align=1 (local.get $ptr)))
        (local.set $second (v128.load $from offset=16 align=1 (local.get $ptr)))
        (br_if $few
          (v128.any_true
            (v128.and
              (v128.or (local.get $bytes) (local.get $second))
              (i8x16.splat (local.get $mask)))))
        (v128.store $to align=1 (local.get $out)
          (i16x8.extend_low_i8x16_u (local.get $bytes)))
        (v128.store $to offset=16 align=1 (local.get $out)
          (i16x8.extend_high_i8x16_u (local.get $bytes)))
        (v128.store $to offset=32 align=1 (local.get $out)
          (i16x8.extend_low_i8x16_u (local.get $second)))
        (v128.store $to offset=48 align=1 (local.get $out)
          (i16x8.extend_high_i8x16_u (local.get $second)))
        (local.set $ptr (from.add (local.get $ptr) (from.const 32)))
        (local.set $out (to.add (local.get $out) (to.const 64)))
        (br $two)))
    (block $done
      (loop $next
        (br_if $done (from.lt_u (from.sub (local.get $end) (local.get $ptr)) (from.const 16)))
        (local.set $bytes (v128.load $from align=1 (local.get $ptr)))
        (br_if $done
          (v128.any_true (v128.and (local.get $bytes) (i8x16.splat (local.get $mask)))))
        (v128.store $to align=1 (local.get $out)
          (i16x8.extend_low_i8x16_u (local.get $bytes)))
        (v128.store $to offset=16 align=1 (local.get $out)
          (i16x8.extend_high_i8x16_u (local.get $bytes)))
        (local.set $ptr (from.add (local.get $ptr) (from.const 16)))
        (local.set $out (to.add (local.get $out) (to.const 32)))
        (br $next)))
    (call $widen (local.get $ptr) (local.get $end) (local.get $out) (local.get $mask)))

  (func (@name "narrow") (export "narrow")
    (param $ptr from.ptr) (param $end from.ptr) (param $out to.ptr) (param $mask i32)
    (result from.ptr)
    (local $low v128)
    (local $high v128)
    (block $done
      (loop $next
        (br_if $done (from.lt_u (from.sub (local.get $end) (local.get $ptr)) (from.const 32)))
        (local.set $low (v128.load $from align=1 (local.get $ptr)))
        (local.set $high (v128.load $from offset=16 align=1 (local.get $ptr)))
        (br_if $done
          (v128.any_true
            (v128.and
              (v128.or (local.get $low) (local.get $high))
              (i16x8.splat (local.get $mask)))))
        (v128.store $to align=1 (local.get $out)
          (i8x16.narrow_i16x8_u (local.get $low) (local.get $high)))
        (local.set $ptr (from.add (local.get $ptr) (from.const 32)))
        (local.set $out (to.add (local.get $out) (to.const 16)))
        (br $next)))
    (call $narrow (local.get $ptr) (local.get $end) (local.get $out) (local.get $mask)))

  ;; The last sixteen bytes are read before their place is written, and what is written lies behind
  ;; all others, as long as there are sixteen.
  (func (@name "widen in place") (export "widen-in-place") (param $out to.ptr) (param $count i32)
    (local $bytes v128)
    (local $at to.ptr)
    (block $done
      (loop $next
        (br_if $done (i32.lt_u (local.get $count) (i32.const 16)))
        (local.set $count (i32.sub (local.get $count) (i32.const 16)))
        (local.set $bytes
          (v128.load $to align=1 (to.add (local.get $out) (to.extend (local.get $count)))))
        (local.set $at
          (to.add (local.get $out) (to.extend (i32.shl (local.get $count) (i32.const 1)))))
        (v128.store $to align=1 (local.get $at) (i16x8.extend_low_i8x16_u (local.get $bytes)))
        (v128.store $to offset=16 align=1 (local.get $at)
          (i16x8.extend_high_i8x16_u (local.get $bytes)))
        (br $next)))
    (call $widen_in_place (local.get $out) (local.get $count))))
