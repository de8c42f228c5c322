;; Copies UTF-8 from one memory to another, and validates it, with vectors of sixteen bytes.
;;
;; Most strings are short, and most are ASCII. So up to a length all is done in one pass: what is
;; loaded is stored as it is, and one test at the end says whether any byte was not ASCII. The last
;; bytes are loaded by themselves and overlap those before. Only then, if at all, the text is
;; validated: where it is short, without vectors, as long as no sequence is longer than two bytes.
;; That it was copied before cannot be observed: what is malformed traps, and whoever owns the memory
;; does not run any more.
;;
;; A long text is validated first and copied by one instruction, which engines do faster.
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
;; A text is followed by zeros, at least one: so a sequence that does not end is a mistake of that
;; kind, too. ASCII is skipped 64 bytes at a time.
;;
;; The caller has checked that both ranges are in bounds. For `from.` and `to.` see `pointers.rs`.
(module $utf8-simd
  (import "memory" "0" (memory $from from.ptr 0))
  (import "memory" "1" (memory $to to.ptr 0))

  ;; How long a text can be that is copied in one pass. Written when it is known how far memories are.
  (global $one_pass i32 (i32.const 0x10000))

  (func $trap (@name "canon trap: string is not valid UTF-8")
    unreachable)

  ;; Copies `len` bytes from `ptr` to `out`; traps unless they are valid UTF-8. What is so short is done here,
  ;; which is small enough to be written in place of a call: the first bytes, and the last, which may be the same.
  (func (@name "copy short UTF-8") (export "copy")
    (param $ptr from.ptr) (param $len i32) (param $out to.ptr)
    (local $behind i32)
    (local $low i64)
    (local $high i64)
    (block $done
      (if (i32.le_u (local.get $len) (i32.const 16))
        (then
          (if (i32.gt_u (local.get $len) (i32.const 8))
            (then
              (i64.store $to align=1 (local.get $out)
                (local.tee $low (i64.load $from align=1 (local.get $ptr))))
              (local.set $behind (i32.sub (local.get $len) (i32.const 8)))
              (i64.store $to align=1
                (to.add (local.get $out) (to.extend (local.get $behind)))
                (local.tee $high
                  (i64.load $from align=1
                    (from.add (local.get $ptr) (from.extend (local.get $behind)))))))
            (else
              (if (i32.ge_u (local.get $len) (i32.const 4))
                (then
                  (i64.store32 $to align=1 (local.get $out)
                    (local.tee $low (i64.load32_u $from align=1 (local.get $ptr))))
                  (local.set $behind (i32.sub (local.get $len) (i32.const 4)))
                  (i64.store32 $to align=1
                    (to.add (local.get $out) (to.extend (local.get $behind)))
                    (local.tee $high
                      (i64.load32_u $from align=1
                        (from.add (local.get $ptr) (from.extend (local.get $behind)))))))
                (else
                  (br_if $done (i32.eqz (local.get $len)))
                  (i64.store8 $to (local.get $out)
                    (local.tee $low (i64.load8_u $from (local.get $ptr))))
                  (if (i32.gt_u (local.get $len) (i32.const 1))
                    (then
                      (local.set $behind (i32.sub (local.get $len) (i32.const 2)))
                      (i64.store16 $to align=1
                        (to.add (local.get $out) (to.extend (local.get $behind)))
                        (local.tee $high
                          (i64.load16_u $from align=1
                            (from.add (local.get $ptr) (from.extend (local.get $behind))))))))))))
          (br_if $done
            (i64.eqz
              (i64.and
                (i64.or (local.get $low) (local.get $high))
                (i64.const 0x8080808080808080))))
          (call $validate_short
            (local.get $ptr) (local.get $len) (local.get $low) (local.get $high))
          (br $done)))
      (call $copy (local.get $ptr) (local.get $len) (local.get $out))))

  ;; Traps unless a text of up to 16 bytes is valid UTF-8. Of more than eight, `low` and `high` are the first and the
  ;; last eight; of fewer than four, the first and the last two, if there are; of others, the first and the last four.
  ;; Where no sequence is longer than two bytes, that is seen without vectors: the highest bit of each byte says what
  ;; it is, and a shift by eight brings there what the byte before is (`utf8.wat`).
  (func $validate_short (@name "validate short UTF-8")
    (param $ptr from.ptr) (param $len i32) (param $low i64) (param $high i64)
    (local $low_leads i64)
    (local $high_leads i64)
    ;; two numbers, and zeros behind them; without what the first one has already
    (if (i32.gt_u (local.get $len) (i32.const 8))
      (then
        (local.set $high
          (i64.shr_u
            (local.get $high)
            (i64.extend_i32_u
              (i32.shl (i32.sub (i32.const 16) (local.get $len)) (i32.const 3))))))
      (else
        (local.set $low
          (i64.or
            (local.get $low)
            (i64.shl
              (local.get $high)
              (i64.extend_i32_u
                (i32.shl
                  (i32.sub
                    (local.get $len)
                    (select (i32.const 4) (i32.const 2) (i32.ge_u (local.get $len) (i32.const 4))))
                  (i32.const 3))))))
        (local.set $high (i64.const 0))))
    (local.set $low_leads (i64.and (local.get $low) (i64.shl (local.get $low) (i64.const 1))))
    (local.set $high_leads
      (i64.and (local.get $high) (i64.shl (local.get $high) (i64.const 1))))
    (if
      (i64.ne
        (i64.and
          (i64.or
            (i64.and (local.get $low_leads) (i64.shl (local.get $low) (i64.const 2)))
            (i64.and (local.get $high_leads) (i64.shl (local.get $high) (i64.const 2))))
          (i64.const 0x8080808080808080))
        (i64.const 0))
      (then
        ;; Behind sixteen bytes there is no zero yet.
        (call $validate
          (from.add (local.get $ptr) (from.const 16))
          (select (i32.const 0) (i32.const -1) (i32.eq (local.get $len) (i32.const 16)))
          (i64x2.replace_lane 1 (i64x2.splat (local.get $low)) (local.get $high)))
        (return)))
    (if
      (i64.ne
        (i64.and
          (i64.or
            (i64.or
              ;; what continues something has to be where something is begun, and nothing else
              (i64.xor
                (i64.and
                  (local.get $low)
                  (i64.xor (i64.shl (local.get $low) (i64.const 1)) (i64.const -1)))
                (i64.shl (local.get $low_leads) (i64.const 8)))
              (i64.xor
                (i64.and
                  (local.get $high)
                  (i64.xor (i64.shl (local.get $high) (i64.const 1)) (i64.const -1)))
                (i64.or
                  (i64.shl (local.get $high_leads) (i64.const 8))
                  (i64.shr_u (local.get $low_leads) (i64.const 56)))))
            (i64.or
              ;; nothing begins in the sixteenth
              (i64.and (local.get $high_leads) (i64.const 0x8000000000000000))
              ;; two bytes for what fits in one
              (i64.or
                (i64.and
                  (local.get $low_leads)
                  (i64.xor
                    (i64.add
                      (i64.and (local.get $low) (i64.const 0x1e1e1e1e1e1e1e1e))
                      (i64.const 0x7e7e7e7e7e7e7e7e))
                    (i64.const -1)))
                (i64.and
                  (local.get $high_leads)
                  (i64.xor
                    (i64.add
                      (i64.and (local.get $high) (i64.const 0x1e1e1e1e1e1e1e1e))
                      (i64.const 0x7e7e7e7e7e7e7e7e))
                    (i64.const -1))))))
          (i64.const 0x8080808080808080))
        (i64.const 0))
      (then (call $trap))))

  ;; The same as `copy`, of more than 16 bytes.
  (func $copy (@name "copy UTF-8")
    (param $ptr from.ptr) (param $len i32) (param $out to.ptr)
    (local $at from.ptr)
    (local $last from.ptr)
    (local $bytes v128)
    (local $second v128)
    (local $third v128)
    (local $fourth v128)
    (local $all v128)
    (if (i32.gt_u (local.get $len) (global.get $one_pass))
      (then
        (call $validate (local.get $ptr) (local.get $len) (v128.const i64x2 0 0))
        (memory.copy $to $from
          (local.get $out) (local.get $ptr) (both.extend (local.get $len)))
        (return)))
    ;; where the last sixteen bytes begin
    (local.set $last
      (from.add (local.get $ptr) (from.extend (i32.sub (local.get $len) (i32.const 16)))))
    (local.set $all (v128.load $from align=1 (local.get $last)))
    (v128.store $to align=1
      (to.add (local.get $out) (to.extend (i32.sub (local.get $len) (i32.const 16))))
      (local.get $all))
    (local.set $at (local.get $ptr))
    (block $no_four
      (loop $four
        (br_if $no_four
          (from.lt_u (from.sub (local.get $last) (local.get $at)) (from.const 64)))
        (v128.store $to align=1
          (local.get $out)
          (local.tee $bytes (v128.load $from align=1 (local.get $at))))
        (v128.store $to offset=16 align=1
          (local.get $out)
          (local.tee $second (v128.load $from offset=16 align=1 (local.get $at))))
        (v128.store $to offset=32 align=1
          (local.get $out)
          (local.tee $third (v128.load $from offset=32 align=1 (local.get $at))))
        (v128.store $to offset=48 align=1
          (local.get $out)
          (local.tee $fourth (v128.load $from offset=48 align=1 (local.get $at))))
        ;; in pairs: one after another they would wait for each other
        (local.set $all
          (v128.or
            (local.get $all)
            (v128.or
              (v128.or (local.get $bytes) (local.get $second))
              (v128.or (local.get $third) (local.get $fourth)))))
        (local.set $out (to.add (local.get $out) (to.const 64)))
        (local.set $at (from.add (local.get $at) (from.const 64)))
        (br $four)))
    (loop $next
      (if (from.lt_u (local.get $at) (local.get $last))
        (then
          (v128.store $to align=1
            (local.get $out)
            (local.tee $bytes (v128.load $from align=1 (local.get $at))))
          (local.set $all (v128.or (local.get $all) (local.get $bytes)))
          (local.set $out (to.add (local.get $out) (to.const 16)))
          (local.set $at (from.add (local.get $at) (from.const 16)))
          (br $next))))
    (if (i8x16.bitmask (local.get $all))
      (then
        (call $validate (local.get $ptr) (local.get $len) (v128.const i64x2 0 0)))))

  ;; Traps unless a text is valid UTF-8: what is in `bytes`, and then `left` bytes from `ptr`, before
  ;; which there are sixteen more. With a negative `left`, `bytes` is all, and ends with a zero.
  (func $validate (@name "validate UTF-8")
    (param $ptr from.ptr) (param $left i32) (param $bytes v128)
    (local $before v128)
    (local $first v128)
    (local $wrong v128)
    (loop $next
      ;; each byte together with the one before it
      (local.set $first
        (i8x16.shuffle 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30
          (local.get $before) (local.get $bytes)))
      (local.set $wrong
        (v128.or
          (local.get $wrong)
          (v128.xor
            ;; 0x80 for each byte that has to be the third or fourth one of a sequence
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
              (i8x16.splat (i32.const 0x80)))
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
      (if (i32.ge_s (local.get $left) (i32.const 0))
        (then
          (local.set $before (local.get $bytes))
          (if (i32.eqz (i8x16.bitmask (local.get $bytes)))
            (then
              (block $not_ascii
                (loop $ascii
                  (br_if $not_ascii (i32.lt_s (local.get $left) (i32.const 64)))
                  (br_if $not_ascii
                    (i8x16.bitmask
                      (v128.or
                        (v128.or
                          (v128.load $from align=1 (local.get $ptr))
                          (v128.load $from offset=16 align=1 (local.get $ptr)))
                        (v128.or
                          (v128.load $from offset=32 align=1 (local.get $ptr))
                          (v128.load $from offset=48 align=1 (local.get $ptr))))))
                  (local.set $ptr (from.add (local.get $ptr) (from.const 64)))
                  (local.set $left (i32.sub (local.get $left) (i32.const 64)))
                  (br $ascii)))))
          (local.set $bytes
            (if (result v128) (i32.ge_s (local.get $left) (i32.const 16))
              (then (v128.load $from align=1 (local.get $ptr)))
              (else
                ;; The last ones, from the end of sixteen: what is beyond them is zero.
                (i8x16.swizzle
                  (v128.load $from align=1
                    (from.sub
                      (local.get $ptr)
                      (from.extend (i32.sub (i32.const 16) (local.get $left)))))
                  (i8x16.add
                    (v128.const i8x16 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15)
                    (i8x16.splat (i32.sub (i32.const 16) (local.get $left))))))))
          (local.set $ptr (from.add (local.get $ptr) (from.const 16)))
          (local.set $left (i32.sub (local.get $left) (i32.const 16)))
          (br $next))))
    (if (v128.any_true (local.get $wrong)) (then (call $trap)))))
