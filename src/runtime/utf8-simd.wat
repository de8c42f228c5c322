;; Validates UTF-8, sixteen bytes at a time.
;;
;; What is wrong with a text shows in some pair of neighbouring bytes: in the first one's two halves
;; and the second one's upper half. Three tables say which mistakes each half leaves possible, one
;; bit for each, and the `and` of the three says which mistake it is (Keiser and Lemire, "Validating
;; UTF-8 in less than one instruction per byte", 2021):
;;
;;   0x01  the first byte begins a sequence, the second continues none
;;   0x02  the first byte is ASCII, the second continues something
;;   0x04  three bytes for what fits in two
;;   0x08  above U+10FFFF: from F4 90 on
;;   0x10  a surrogate
;;   0x20  two bytes for what fits in one
;;   0x40  four bytes for what fits in three, or above U+10FFFF: from F5 80 on
;;   0x80  both continue something
;;
;; The last is a mistake only where no third or fourth byte of a sequence is due, and its absence
;; one only where it is.
;;
;; ASCII is skipped 64 bytes at a time. What remains at the end, from the last sequence on, is
;; validated one by one; so is a short string.
;;
;; The caller has checked that the range is in bounds. For `from.` see `pointers.rs`.
(module $utf8-simd
  (import "memory" "0" (memory from.ptr 0))
  (import "func" "0" (func $validate_rest (param from.ptr i32)))

  (func $trap (@name "canon trap: string is not valid UTF-8")
    unreachable)

  ;; Traps unless the `len` bytes from `ptr` are valid UTF-8.
  (func (@name "validate UTF-8") (export "validate") (param $ptr from.ptr) (param $len i32)
    (local $begin from.ptr)
    (local $end from.ptr)
    (local $bytes v128)
    (local $before v128)
    (local $first v128)
    (local $wrong v128)
    (local.set $begin (local.get $ptr))
    (local.set $end (from.add (local.get $ptr) (from.extend (local.get $len))))
    (block $short
      (loop $nothing_open
        (block $not_ascii
          (loop $ascii
            (br_if $not_ascii
              (from.lt_u (from.sub (local.get $end) (local.get $ptr)) (from.const 64)))
            (br_if $not_ascii
              (i8x16.bitmask
                (v128.or
                  (v128.or
                    (v128.load align=1 (local.get $ptr))
                    (v128.load offset=16 align=1 (local.get $ptr)))
                  (v128.or
                    (v128.load offset=32 align=1 (local.get $ptr))
                    (v128.load offset=48 align=1 (local.get $ptr))))))
            (local.set $ptr (from.add (local.get $ptr) (from.const 64)))
            (br $ascii)))
        (local.set $before (v128.const i64x2 0 0))
        (loop $next
          (br_if $short (from.lt_u (from.sub (local.get $end) (local.get $ptr)) (from.const 16)))
          (local.set $bytes (v128.load align=1 (local.get $ptr)))
          (local.set $ptr (from.add (local.get $ptr) (from.const 16)))
          ;; each byte together with the one before it
          (local.set $first
            (i8x16.shuffle 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30
              (local.get $before) (local.get $bytes)))
          (local.set $wrong
            (v128.or
              (local.get $wrong)
              (v128.xor
                (call $third_or_fourth (local.get $before) (local.get $bytes))
                (v128.and
                  (v128.and
                    (i8x16.swizzle
                      (v128.const i8x16 0x02 0x02 0x02 0x02 0x02 0x02 0x02 0x02
                        0x80 0x80 0x80 0x80 0x21 0x01 0x15 0x49)
                      (i8x16.shr_u (local.get $first) (i32.const 4)))
                    (i8x16.swizzle
                      (v128.const i8x16 0xe7 0xa3 0x83 0x83 0x8b 0xcb 0xcb 0xcb
                        0xcb 0xcb 0xcb 0xcb 0xcb 0xdb 0xcb 0xcb)
                      (v128.and (local.get $first) (i8x16.splat (i32.const 0x0f)))))
                  (i8x16.swizzle
                    (v128.const i8x16 0x01 0x01 0x01 0x01 0x01 0x01 0x01 0x01
                      0xe6 0xae 0xba 0xba 0x01 0x01 0x01 0x01)
                    (i8x16.shr_u (local.get $bytes) (i32.const 4)))))))
          (local.set $before (local.get $bytes))
          (br_if $next (i8x16.bitmask (local.get $bytes))))
        (br $nothing_open)))
    (if (v128.any_true (local.get $wrong)) (then (call $trap)))
    (local.set $ptr (call $open (local.get $begin) (local.get $ptr)))
    (call $validate_rest
      (local.get $ptr)
      (from.wrap (from.sub (local.get $end) (local.get $ptr)))))

  ;; 0x80 for each byte that has to be the third or fourth one of a sequence.
  (func $third_or_fourth (@name "third or fourth bytes")
    (param $before v128) (param $bytes v128) (result v128)
    (v128.and
      (v128.or
        ;; two bytes before is 0xe0 or above: the difference has its highest bit set
        (i8x16.sub_sat_u
          (i8x16.shuffle 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29
            (local.get $before) (local.get $bytes))
          (i8x16.splat (i32.const 0x60)))
        ;; three bytes before is 0xf0 or above
        (i8x16.sub_sat_u
          (i8x16.shuffle 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28
            (local.get $before) (local.get $bytes))
          (i8x16.splat (i32.const 0x70))))
      (i8x16.splat (i32.const 0x80))))

  ;; Where the sequence begins that could go on at `ptr`.
  (func $open (@name "begin of the last sequence")
    (param $begin from.ptr) (param $ptr from.ptr) (result from.ptr)
    (local $at from.ptr)
    (local.set $at (local.get $ptr))
    (block $begun
      (loop $back
        (br_if $begun (from.eq (local.get $at) (local.get $begin)))
        (local.set $at (from.sub (local.get $at) (from.const 1)))
        ;; a byte that continues a sequence
        (br_if $back
          (i32.eq (i32.and (i32.load8_u (local.get $at)) (i32.const 0xc0)) (i32.const 0x80)))))
    (local.get $at)))
