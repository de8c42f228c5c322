;; Runs of code units that need no decoding, sixteen bytes at a time (see `runs.wat`, which has the
;; contracts, and goes through what remains and finds where exactly a run ends).
(module $runs-simd
  (import "memory" "0" (memory $from 0))
  (import "memory" "1" (memory $to 0))
  (import "func" "0" (func $copy_ascii (param i32 i32 i32) (result i32)))
  (import "func" "1" (func $copy_units (param i32 i32 i32) (result i32)))
  (import "func" "2" (func $widen (param i32 i32 i32 i32) (result i32)))
  (import "func" "3" (func $narrow (param i32 i32 i32 i32) (result i32)))
  (import "func" "4" (func $widen_in_place (param i32 i32)))

  (func (@name "copy ascii") (export "copy-ascii")
    (param $ptr i32) (param $end i32) (param $out i32) (result i32)
    (local $bytes v128)
    (block $done
      (loop $next
        (br_if $done (i32.lt_u (i32.sub (local.get $end) (local.get $ptr)) (i32.const 16)))
        (local.set $bytes (v128.load $from align=1 (local.get $ptr)))
        (br_if $done (i8x16.bitmask (local.get $bytes)))
        (v128.store $to align=1 (local.get $out) (local.get $bytes))
        (local.set $ptr (i32.add (local.get $ptr) (i32.const 16)))
        (local.set $out (i32.add (local.get $out) (i32.const 16)))
        (br $next)))
    (call $copy_ascii (local.get $ptr) (local.get $end) (local.get $out)))

  (func (@name "copy units") (export "copy-units")
    (param $ptr i32) (param $end i32) (param $out i32) (result i32)
    (local $units v128)
    (block $done
      (loop $next
        (br_if $done (i32.lt_u (i32.sub (local.get $end) (local.get $ptr)) (i32.const 16)))
        (local.set $units (v128.load $from align=1 (local.get $ptr)))
        (br_if $done
          (v128.any_true
            (i16x8.eq
              (v128.and (local.get $units) (i16x8.splat (i32.const 0xf800)))
              (i16x8.splat (i32.const 0xd800)))))
        (v128.store $to align=1 (local.get $out) (local.get $units))
        (local.set $ptr (i32.add (local.get $ptr) (i32.const 16)))
        (local.set $out (i32.add (local.get $out) (i32.const 16)))
        (br $next)))
    (call $copy_units (local.get $ptr) (local.get $end) (local.get $out)))

  (func (@name "widen") (export "widen")
    (param $ptr i32) (param $end i32) (param $out i32) (param $mask i32) (result i32)
    (local $bytes v128)
    (block $done
      (loop $next
        (br_if $done (i32.lt_u (i32.sub (local.get $end) (local.get $ptr)) (i32.const 16)))
        (local.set $bytes (v128.load $from align=1 (local.get $ptr)))
        (br_if $done
          (v128.any_true (v128.and (local.get $bytes) (i8x16.splat (local.get $mask)))))
        (v128.store $to align=1 (local.get $out)
          (i16x8.extend_low_i8x16_u (local.get $bytes)))
        (v128.store $to offset=16 align=1 (local.get $out)
          (i16x8.extend_high_i8x16_u (local.get $bytes)))
        (local.set $ptr (i32.add (local.get $ptr) (i32.const 16)))
        (local.set $out (i32.add (local.get $out) (i32.const 32)))
        (br $next)))
    (call $widen (local.get $ptr) (local.get $end) (local.get $out) (local.get $mask)))

  (func (@name "narrow") (export "narrow")
    (param $ptr i32) (param $end i32) (param $out i32) (param $mask i32) (result i32)
    (local $low v128)
    (local $high v128)
    (block $done
      (loop $next
        (br_if $done (i32.lt_u (i32.sub (local.get $end) (local.get $ptr)) (i32.const 32)))
        (local.set $low (v128.load $from align=1 (local.get $ptr)))
        (local.set $high (v128.load $from offset=16 align=1 (local.get $ptr)))
        (br_if $done
          (v128.any_true
            (v128.and
              (v128.or (local.get $low) (local.get $high))
              (i16x8.splat (local.get $mask)))))
        (v128.store $to align=1 (local.get $out)
          (i8x16.narrow_i16x8_u (local.get $low) (local.get $high)))
        (local.set $ptr (i32.add (local.get $ptr) (i32.const 32)))
        (local.set $out (i32.add (local.get $out) (i32.const 16)))
        (br $next)))
    (call $narrow (local.get $ptr) (local.get $end) (local.get $out) (local.get $mask)))

  ;; The last sixteen bytes are read before their place is written, and what is written lies behind
  ;; all others, as long as there are sixteen.
  (func (@name "widen in place") (export "widen-in-place") (param $out i32) (param $count i32)
    (local $bytes v128)
    (local $at i32)
    (block $done
      (loop $next
        (br_if $done (i32.lt_u (local.get $count) (i32.const 16)))
        (local.set $count (i32.sub (local.get $count) (i32.const 16)))
        (local.set $bytes
          (v128.load $to align=1 (i32.add (local.get $out) (local.get $count))))
        (local.set $at (i32.add (local.get $out) (i32.shl (local.get $count) (i32.const 1))))
        (v128.store $to align=1 (local.get $at) (i16x8.extend_low_i8x16_u (local.get $bytes)))
        (v128.store $to offset=16 align=1 (local.get $at)
          (i16x8.extend_high_i8x16_u (local.get $bytes)))
        (br $next)))
    (call $widen_in_place (local.get $out) (local.get $count))))
