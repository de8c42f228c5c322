;; Copies UTF-8 from one memory to another, and validates it, eight bytes at a time.
;;
;; Most strings are short, and most are ASCII. So up to a length all is done in one pass, as with
;; vectors (`utf8-simd.wat`): what is loaded is stored as it is, and one test at the end says whether
;; the text has to be validated. A longer one is copied by an instruction, for engines store more than
;; eight bytes at a time: piece by piece, each of which is looked at when it is near. (A piece is 2 KiB. From 4 KiB
;; on, what copies for an engine may choose another way, which begins slowly.)
;;
;; How a text is validated depends on how long its sequences are, and changes with that:
;;
;;   one byte, or two    without branches, wherever a sequence begins: whether a byte has to continue
;;                       one is seen from the byte before it
;;   three               from one sequence to the next: two of them are compared with what two of them
;;                       look like, and what their bits say decides whether they are valid
;;   any other           from one sequence to the next, one by one
;;
;; The highest bit of each byte is where all is decided: a shift to the left by one has the next bit of
;; each byte there, and one by eight the byte before. Rejected: three and four bytes without branches,
;; too. That is twice as much work for all texts that have them.
;;
;; Which first bytes exclude which second ones says Unicode, table 3-7: overlong forms, surrogates, and
;; what lies above U+10FFFF.
;;
;; The caller has checked that both ranges are in bounds. For `from.` and `to.` see `pointers.rs`.
(module $utf8
  (import "memory" "0" (memory $from from.ptr 0))
  (import "memory" "1" (memory $to to.ptr 0))

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

  ;; Traps unless a text of up to 16 bytes is valid UTF-8. Of up to eight, `low` and `high` are the first and the last
  ;; four, or of fewer than four the first and the last two, if there are.
  (func $validate_short (@name "validate short UTF-8")
    (param $ptr from.ptr) (param $len i32) (param $low i64) (param $high i64)
    (if (i32.gt_u (local.get $len) (i32.const 8))
      (then (call $validate (local.get $ptr) (local.get $len)))
      (else
        ;; a number, and zeros behind it
        (call $validate_few
          (i64.or
            (local.get $low)
            (i64.shl
              (local.get $high)
              (i64.extend_i32_u
                (i32.shl
                  (i32.sub
                    (local.get $len)
                    (select (i32.const 4) (i32.const 2) (i32.ge_u (local.get $len) (i32.const 4))))
                  (i32.const 3)))))))))

  ;; The same as `copy`, of more than 16 bytes.
  (func $copy (@name "copy UTF-8")
    (param $ptr from.ptr) (param $len i32) (param $out to.ptr)
    (local $behind i32)
    (local $at from.ptr)
    (local $last from.ptr)
    (local $bytes i64)
    (local $second i64)
    (local $third i64)
    (local $fourth i64)
    (local $all i64)
    (if (i32.gt_u (local.get $len) (i32.const 512))
      (then
        (call $copy_long (local.get $ptr) (local.get $len) (local.get $out))
        (return)))
    ;; where the last eight bytes begin
    (local.set $behind (i32.sub (local.get $len) (i32.const 8)))
    (local.set $last (from.add (local.get $ptr) (from.extend (local.get $behind))))
    (local.set $all (i64.load $from align=1 (local.get $last)))
    (i64.store $to align=1
      (to.add (local.get $out) (to.extend (local.get $behind)))
      (local.get $all))
    (local.set $at (local.get $ptr))
    (block $no_four
      (loop $four
        (br_if $no_four
          (from.lt_u (from.sub (local.get $last) (local.get $at)) (from.const 32)))
        (local.set $bytes (i64.load $from align=1 (local.get $at)))
        (local.set $second (i64.load $from offset=8 align=1 (local.get $at)))
        (local.set $third (i64.load $from offset=16 align=1 (local.get $at)))
        (local.set $fourth (i64.load $from offset=24 align=1 (local.get $at)))
        (i64.store $to align=1 (local.get $out) (local.get $bytes))
        (i64.store $to offset=8 align=1 (local.get $out) (local.get $second))
        (i64.store $to offset=16 align=1 (local.get $out) (local.get $third))
        (i64.store $to offset=24 align=1 (local.get $out) (local.get $fourth))
        ;; in pairs: one after another they would wait for each other
        (local.set $all
          (i64.or
            (local.get $all)
            (i64.or
              (i64.or (local.get $bytes) (local.get $second))
              (i64.or (local.get $third) (local.get $fourth)))))
        (local.set $out (to.add (local.get $out) (to.const 32)))
        (local.set $at (from.add (local.get $at) (from.const 32)))
        (br $four)))
    (loop $next
      (if (from.lt_u (local.get $at) (local.get $last))
        (then
          (i64.store $to align=1
            (local.get $out)
            (local.tee $bytes (i64.load $from align=1 (local.get $at))))
          (local.set $all (i64.or (local.get $all) (local.get $bytes)))
          (local.set $out (to.add (local.get $out) (to.const 8)))
          (local.set $at (from.add (local.get $at) (from.const 8)))
          (br $next))))
    (if
      (i64.ne (i64.and (local.get $all) (i64.const 0x8080808080808080)) (i64.const 0))
      (then (call $validate (local.get $ptr) (local.get $len)))))

  ;; The same for one of more than 512 bytes.
  (func $copy_long (@name "copy long UTF-8")
    (param $ptr from.ptr) (param $len i32) (param $out to.ptr)
    (local $end from.ptr)
    (local $size i32)
    (loop $next
      (local.set $size
        (select
          (local.get $len)
          (i32.const 2048)
          ;; never so few that they have no 64 bytes
          (i32.lt_u (local.get $len) (i32.const 2112))))
      (memory.copy $to $from
        (local.get $out) (local.get $ptr) (both.extend (local.get $size)))
      (local.set $end (from.add (local.get $ptr) (from.extend (local.get $size))))
      (local.set $out (to.add (local.get $out) (to.extend (local.get $size))))
      (local.set $len (i32.sub (local.get $len) (local.get $size)))
      (if
        (from.ne
          (local.tee $ptr (call $ascii (local.get $ptr) (local.get $end)))
          (local.get $end))
        (then
          (memory.copy $to $from
            (local.get $out) (local.get $end) (both.extend (local.get $len)))
          (call $validate
            (local.get $ptr)
            (i32.add
              (local.get $len)
              (from.wrap (from.sub (local.get $end) (local.get $ptr)))))
          (return)))
      (br_if $next (local.get $len))))

  ;; Where ASCII ends, up to 63 bytes before the first that is none; `end`, if all is ASCII. There are 64
  ;; bytes at least. It is to call nothing, so that engines keep what changes in registers.
  (func $ascii (@name "skip ASCII") (param $ptr from.ptr) (param $end from.ptr)
    (result from.ptr)
    (local $last from.ptr)
    (local.set $last (from.sub (local.get $end) (from.const 64)))
    (block $stop
      (loop $next
        (br_if $stop (i64.ne (call $not_ascii (local.get $ptr)) (i64.const 0)))
        (br_if $next
          (from.lt_u
            (local.tee $ptr (from.add (local.get $ptr) (from.const 64)))
            (local.get $last))))
      (local.set $ptr (local.get $last))
      (br_if $stop (i64.ne (call $not_ascii (local.get $ptr)) (i64.const 0)))
      (return (local.get $end)))
    (local.get $ptr))

  ;; Of 64 bytes, taken together as eight, the highest bits. Written in place of calls.
  (func $not_ascii (@name "look for what is not ASCII") (param $ptr from.ptr) (result i64)
    (i64.and
      (i64.or
        (i64.or
          (i64.or
            (i64.or
              (i64.or
                (i64.or
                  (i64.or
                    (i64.load $from align=1 (local.get $ptr))
                    (i64.load $from offset=8 align=1 (local.get $ptr)))
                  (i64.load $from offset=16 align=1 (local.get $ptr)))
                (i64.load $from offset=24 align=1 (local.get $ptr)))
              (i64.load $from offset=32 align=1 (local.get $ptr)))
            (i64.load $from offset=40 align=1 (local.get $ptr)))
          (i64.load $from offset=48 align=1 (local.get $ptr)))
        (i64.load $from offset=56 align=1 (local.get $ptr)))
      (i64.const 0x8080808080808080)))

  ;; Traps unless up to eight bytes are valid UTF-8, if some are not ASCII.
  (func $validate_few (@name "validate UTF-8") (param $bytes i64)
    (local $leads i64)
    (local.set $leads
      (i64.and (local.get $bytes) (i64.shl (local.get $bytes) (i64.const 1))))
    (if
      (i64.eqz
        (i64.and
          (i64.and (local.get $leads) (i64.shl (local.get $bytes) (i64.const 2)))
          (i64.const 0x8080808080808080)))
      (then
        ;; no sequence is longer than two bytes, and none ends behind the eighth
        (if
          (i64.ne
            (i64.and
              (i64.or
                (i64.and (local.get $leads) (i64.const 0x8000000000000000))
                (i64.or
                  (i64.xor
                    (i64.and
                      (local.get $bytes)
                      (i64.xor (i64.shl (local.get $bytes) (i64.const 1)) (i64.const -1)))
                    (i64.shl (local.get $leads) (i64.const 8)))
                  ;; two bytes for what fits in one
                  (i64.and
                    (local.get $leads)
                    (i64.xor
                      (i64.add
                        (i64.and (local.get $bytes) (i64.const 0x1e1e1e1e1e1e1e1e))
                        (i64.const 0x7e7e7e7e7e7e7e7e))
                      (i64.const -1)))))
              (i64.const 0x8080808080808080))
            (i64.const 0))
          (then (call $trap)))
        (return)))
    (loop $next
      (local.set $bytes
        (i64.shr_u
          (local.get $bytes)
          ;; three bytes, of which most texts are that are not of two: of the code point, what there is beside
          ;; the lowest bits
          (if (result i64)
            (i64.eq (i64.and (local.get $bytes) (i64.const 0xc0c0f0)) (i64.const 0x8080e0))
            (then
              (local.set $leads (i64.and (local.get $bytes) (i64.const 0x200f)))
              (if
                (i32.or
                  (i64.eqz (local.get $leads))
                  (i64.eq (local.get $leads) (i64.const 0x200d)))
                (then (call $trap)))
              (i64.const 24))
            (else (call $sequence (local.get $bytes))))))
      (br_if $next
        (i64.ne
          (i64.and (local.get $bytes) (i64.const 0x8080808080808080))
          (i64.const 0)))))

  ;; How many bits a sequence has with which eight bytes begin; traps if it is not valid. Before one
  ;; of several bytes, all that is ASCII is taken together.
  (func $sequence (@name "validate a sequence of UTF-8") (param $bytes i64) (result i64)
    (local $high i64)
    (if (i64.eqz (i64.and (local.get $bytes) (i64.const 0x80)))
      (then
        (return
          (i64.and
            (i64.ctz (i64.and (local.get $bytes) (i64.const 0x8080808080808080)))
            (i64.const 0x38)))))
    (if
      (i64.eq
        (i64.and (local.get $bytes) (i64.const 0xc0e0))
        (i64.const 0x80c0))
      (then
        (if (i64.eqz (i64.and (local.get $bytes) (i64.const 0x1e))) (then (call $trap)))
        (return (i64.const 16))))
    (if
      (i64.eq
        (i64.and (local.get $bytes) (i64.const 0xc0c0f0))
        (i64.const 0x8080e0))
      (then
        ;; the highest five bits of the code point: 0 fits in two bytes, and surrogates have 0x1b
        (local.set $high
          (i64.or
            (i64.shl (i64.and (local.get $bytes) (i64.const 0x0f)) (i64.const 1))
            (i64.and (i64.shr_u (local.get $bytes) (i64.const 13)) (i64.const 1))))
        (if
          (i32.or
            (i64.eqz (local.get $high))
            (i64.eq (local.get $high) (i64.const 0x1b)))
          (then (call $trap)))
        (return (i64.const 24))))
    ;; of four bytes, the plane, which is one from 1 to 16
    (local.set $high
      (i64.or
        (i64.shl (i64.and (local.get $bytes) (i64.const 0x07)) (i64.const 2))
        (i64.and (i64.shr_u (local.get $bytes) (i64.const 12)) (i64.const 3))))
    (if
      (i32.or
        (i64.ne
          (i64.and (local.get $bytes) (i64.const 0xc0c0c0f8))
          (i64.const 0x808080f0))
        (i64.ge_u (i64.sub (local.get $high) (i64.const 1)) (i64.const 16)))
      (then (call $trap)))
    (i64.const 32))

  ;; Traps unless a text is valid UTF-8. There are eight bytes before its end that can be read.
  (func $validate (@name "validate UTF-8") (param $ptr from.ptr) (param $len i32)
    (local $end from.ptr)
    (local $left from.ptr)
    (local $bytes i64)
    (local $more i64)
    (local $leads i64)
    (local $next_leads i64)
    ;; whether the byte before begins a sequence of two
    (local $due i64)
    ;; bits that are not to be set, of sequences up to two bytes; and those that are, of longer ones
    (local $wrong i64)
    (local $well i64)
    (local.set $well (i64.const -1))
    (local.set $end (from.add (local.get $ptr) (from.extend (local.get $len))))
    (block $done
      (loop $narrow
        (block $wide
          (block $few
            (loop $two
              (br_if $few
                (from.lt_u
                  (local.tee $left (from.sub (local.get $end) (local.get $ptr)))
                  (from.const 16)))
              (local.set $bytes (i64.load $from align=1 (local.get $ptr)))
              (local.set $more (i64.load $from offset=8 align=1 (local.get $ptr)))
              (if
                (i64.ne
                  (i64.and
                    (i64.or (local.get $due) (i64.or (local.get $bytes) (local.get $more)))
                    (i64.const 0x8080808080808080))
                  (i64.const 0))
                (then
                  (local.set $leads
                    (i64.and (local.get $bytes) (i64.shl (local.get $bytes) (i64.const 1))))
                  (local.set $next_leads
                    (i64.and (local.get $more) (i64.shl (local.get $more) (i64.const 1))))
                  (br_if $few
                    (i64.ne
                      (i64.and
                        (i64.or
                          (i64.and (local.get $leads) (i64.shl (local.get $bytes) (i64.const 2)))
                          (i64.and
                            (local.get $next_leads)
                            (i64.shl (local.get $more) (i64.const 2))))
                        (i64.const 0x8080808080808080))
                      (i64.const 0)))
                  (local.set $wrong
                    (i64.or
                      (i64.or
                        (local.get $wrong)
                        (i64.or
                          (i64.xor
                            (i64.and
                              (local.get $bytes)
                              (i64.xor (i64.shl (local.get $bytes) (i64.const 1)) (i64.const -1)))
                            (i64.or (i64.shl (local.get $leads) (i64.const 8)) (local.get $due)))
                          (i64.and
                            (local.get $leads)
                            (i64.xor
                              (i64.add
                                (i64.and (local.get $bytes) (i64.const 0x1e1e1e1e1e1e1e1e))
                                (i64.const 0x7e7e7e7e7e7e7e7e))
                              (i64.const -1)))))
                      (i64.or
                        (i64.xor
                          (i64.and
                            (local.get $more)
                            (i64.xor (i64.shl (local.get $more) (i64.const 1)) (i64.const -1)))
                          (i64.or (i64.shl (local.get $next_leads) (i64.const 8)) (i64.shr_u (local.get $leads) (i64.const 56))))
                        (i64.and
                          (local.get $next_leads)
                          (i64.xor
                            (i64.add
                              (i64.and (local.get $more) (i64.const 0x1e1e1e1e1e1e1e1e))
                              (i64.const 0x7e7e7e7e7e7e7e7e))
                            (i64.const -1))))))
                  (local.set $due (i64.shr_u (local.get $next_leads) (i64.const 56)))))
              (local.set $ptr (from.add (local.get $ptr) (from.const 16)))
              (br $two)))
          ;; There are less than sixteen bytes, or a longer sequence among them: one half, and the other.
          (br_if $done (from.eqz (local.get $left)))
          (loop $one
            (local.set $bytes
              (if (result i64) (from.ge_u (local.get $left) (from.const 8))
                (then (i64.load $from align=1 (local.get $ptr)))
                (else
                  ;; The last ones, from the end of eight: what is beyond them is zero.
                  (i64.shr_u
                    (i64.load $from align=1 (from.sub (local.get $end) (from.const 8)))
                    (i64.extend_i32_u
                      (i32.shl
                        (i32.sub (i32.const 8) (from.wrap (local.get $left)))
                        (i32.const 3)))))))
            (local.set $leads
              (i64.and (local.get $bytes) (i64.shl (local.get $bytes) (i64.const 1))))
            (br_if $wide
              (i64.ne
                (i64.and
                  (i64.and (local.get $leads) (i64.shl (local.get $bytes) (i64.const 2)))
                  (i64.const 0x8080808080808080))
                (i64.const 0)))
            (local.set $wrong
              (i64.or
                (local.get $wrong)
                (i64.or
                  (i64.xor
                    (i64.and
                      (local.get $bytes)
                      (i64.xor (i64.shl (local.get $bytes) (i64.const 1)) (i64.const -1)))
                    (i64.or (i64.shl (local.get $leads) (i64.const 8)) (local.get $due)))
                  (i64.and
                    (local.get $leads)
                    (i64.xor
                      (i64.add
                        (i64.and (local.get $bytes) (i64.const 0x1e1e1e1e1e1e1e1e))
                        (i64.const 0x7e7e7e7e7e7e7e7e))
                      (i64.const -1))))))
            (local.set $due (i64.shr_u (local.get $leads) (i64.const 56)))
            (if (from.gt_u (local.get $left) (from.const 8))
              (then
                (local.set $ptr (from.add (local.get $ptr) (from.const 8)))
                (local.set $left (from.sub (local.get $left) (from.const 8)))
                (br $one))))
          (br $done))
        ;; Some sequence is longer. From here on, each is where it begins: what is due belongs to one
        ;; that began before.
        (local.set $ptr
          (from.sub
            (local.get $ptr)
            (from.extend
              (i32.and (i32.shr_u (i32.wrap_i64 (local.get $due)) (i32.const 7)) (i32.const 1)))))
        (local.set $due (i64.const 0))
        (loop $wide
          (local.set $left (from.sub (local.get $end) (local.get $ptr)))
          (if (from.ge_s (local.get $left) (from.const 14))
            (then
              (local.set $bytes (i64.load $from align=1 (local.get $ptr)))
              (local.set $more (i64.load $from offset=6 align=1 (local.get $ptr))))
            (else
              ;; The last may have been taken with a byte behind it: what is beyond is zero, which is ASCII.
              (br_if $done (from.le_s (local.get $left) (from.const 0)))
              (local.set $bytes
                (if (result i64) (from.ge_u (local.get $left) (from.const 8))
                  (then (i64.load $from align=1 (local.get $ptr)))
                  (else
                    (i64.shr_u
                      (i64.load $from align=1 (from.sub (local.get $end) (from.const 8)))
                      (i64.extend_i32_u
                        (i32.shl
                          (i32.sub (i32.const 8) (from.wrap (local.get $left)))
                          (i32.const 3)))))))
              (local.set $more (i64.const 0))))
          ;; two of three bytes, or four
          (if
            (i64.eq
              (i64.and (local.get $bytes) (i64.const 0xc0c0f0c0c0f0))
              (i64.const 0x8080e08080e0))
            (then
              ;; Of each, the highest five bits of the code point, in two bytes: they are not 0, or it
              ;; would fit in two bytes, and not 0x200d, which surrogates have.
              (local.set $bytes (i64.and (local.get $bytes) (i64.const 0x200f00200f)))
              (local.set $well
                (i64.and
                  (local.get $well)
                  (i64.and
                    (i64.add (local.get $bytes) (i64.const 0x7fffff7fffff))
                    (i64.add
                      (i64.xor (local.get $bytes) (i64.const 0x200d00200d))
                      (i64.const 0x7fffff7fffff)))))
              (if
                (i64.eq
                  (i64.and (local.get $more) (i64.const 0xc0c0f0c0c0f0))
                  (i64.const 0x8080e08080e0))
                (then
                  (local.set $more (i64.and (local.get $more) (i64.const 0x200f00200f)))
                  (local.set $well
                    (i64.and
                      (local.get $well)
                      (i64.and
                        (i64.add (local.get $more) (i64.const 0x7fffff7fffff))
                        (i64.add
                          (i64.xor (local.get $more) (i64.const 0x200d00200d))
                          (i64.const 0x7fffff7fffff)))))
                  (local.set $ptr (from.add (local.get $ptr) (from.const 12)))
                  (br $wide)))
              (local.set $ptr (from.add (local.get $ptr) (from.const 6)))
              (br $wide)))
          ;; one, and mostly something short behind it
          (if
            (i64.eq (i64.and (local.get $bytes) (i64.const 0xc0c0f0)) (i64.const 0x8080e0))
            (then
              ;; as if there were another
              (local.set $more (i64.and (local.get $bytes) (i64.const 0x200f)))
              (local.set $well
                (i64.and
                  (local.get $well)
                  (i64.and
                    (i64.add (local.get $more) (i64.const 0xffffff7fffff))
                    (i64.add
                      (i64.xor (local.get $more) (i64.const 0x200d))
                      (i64.const 0xffffff7fffff)))))
              (local.set $ptr
                (from.add
                  (local.get $ptr)
                  (from.extend
                    ;; with the byte behind it, if that is ASCII
                    (i32.sub
                      (i32.const 4)
                      (i32.shr_u (i32.wrap_i64 (local.get $bytes)) (i32.const 31))))))
              (br $wide)))
          (local.set $leads
            (i64.and (local.get $bytes) (i64.shl (local.get $bytes) (i64.const 1))))
          (br_if $narrow
            (i64.eqz
              (i64.and
                (i64.and (local.get $leads) (i64.shl (local.get $bytes) (i64.const 2)))
                (i64.const 0x8080808080808080))))
          (local.set $ptr
            (from.add
              (local.get $ptr)
              (from.extend
                (i32.wrap_i64
                  (i64.shr_u
                    (if (result i64) (i64.eqz (i64.and (local.get $bytes) (i64.const 0x80)))
                      ;; up to what is not ASCII
                      (then
                        (i64.ctz (i64.and (local.get $bytes) (i64.const 0x8080808080808080))))
                      (else (call $sequence (local.get $bytes))))
                    (i64.const 3))))))
          (br $wide))))
    (if
      (i32.or
        (i64.ne
          (i64.and
            (i64.or (local.get $wrong) (local.get $due))
            (i64.const 0x8080808080808080))
          (i64.const 0))
        (i64.ne
          (i64.and (local.get $well) (i64.const 0x800000800000))
          (i64.const 0x800000800000)))
      (then (call $trap)))))
