;; Strings from one encoding to another.
;;
;; Corresponds to *store_string_into_range* of the specification, whose order of allocations guests
;; can observe: a guess first, a worst case where the guess turns out too small, and a shrinking
;; reallocation where it was too large. The text is validated while it is read.
;;
;; A source is an encoding, a pointer and a number of code units. The caller has checked that its
;; range is in bounds, aligned, and short enough that no sum below overflows. A result is a pointer
;; and the length to pass with it.
;;
;; Encodings: 0 UTF-8, 1 UTF-16, 2 Latin-1, 3 the UTF-16 of a `latin1+utf16` string.
;;
;; Pointers have 32 bits or 64, at each end: `from.` and `to.` are the instructions for them (see
;; `pointers.rs`). Sizes and numbers of units fit in 32 bits in any case; so the tag of a length is its
;; highest bit of 32.
(module $transcode
  (import "memory" "0" (memory $from from.ptr 0))
  (import "memory" "1" (memory $to to.ptr 0))
  ;; (old pointer, old size, align, new size), checked
  (import "func" "0" (func $realloc (param to.ptr i32 i32 i32) (result to.ptr)))
  ;; runs of units that need no decoding (see `runs.wat`)
  (import "func" "1" (func $copy_ascii (param from.ptr from.ptr to.ptr) (result from.ptr)))
  (import "func" "2" (func $copy_units (param from.ptr from.ptr to.ptr) (result from.ptr)))
  (import "func" "3" (func $widen (param from.ptr from.ptr to.ptr i32) (result from.ptr)))
  (import "func" "4" (func $narrow (param from.ptr from.ptr to.ptr i32) (result from.ptr)))
  (import "func" "5" (func $widen_in_place (param to.ptr i32)))

  (func $bad_utf8 (@name "canon trap: string is not valid UTF-8") unreachable)
  (func $bad_utf16 (@name "canon trap: string is not valid UTF-16") unreachable)

  ;; Reading: the code point at `ptr`, and where the next one is.

  (func $next (@name "decode") (param $encoding i32) (param $ptr from.ptr) (param $end from.ptr)
    (result i32 from.ptr)
    (if (i32.eqz (local.get $encoding))
      (then (return (call $next_utf8 (local.get $ptr) (local.get $end)))))
    (if (i32.eq (local.get $encoding) (i32.const 2))
      (then
        (return
          (i32.load8_u $from (local.get $ptr))
          (from.add (local.get $ptr) (from.const 1)))))
    (call $next_utf16 (local.get $ptr) (local.get $end)))

  (func $next_utf8 (@name "decode UTF-8") (param $ptr from.ptr) (param $end from.ptr)
    (result i32 from.ptr)
    (local $code i32)
    (local $more i32)
    (local $min i32)
    (local $byte i32)
    (local.set $code (i32.load8_u $from (local.get $ptr)))
    (local.set $ptr (from.add (local.get $ptr) (from.const 1)))
    (if (i32.lt_u (local.get $code) (i32.const 0x80))
      (then (return (local.get $code) (local.get $ptr))))
    ;; the first byte says how many follow, and which code points would have fitted in fewer
    (block $sequence
      (if (i32.eq (i32.and (local.get $code) (i32.const 0xe0)) (i32.const 0xc0))
        (then
          (local.set $code (i32.and (local.get $code) (i32.const 0x1f)))
          (local.set $more (i32.const 1))
          (local.set $min (i32.const 0x80))
          (br $sequence)))
      (if (i32.eq (i32.and (local.get $code) (i32.const 0xf0)) (i32.const 0xe0))
        (then
          (local.set $code (i32.and (local.get $code) (i32.const 0x0f)))
          (local.set $more (i32.const 2))
          (local.set $min (i32.const 0x800))
          (br $sequence)))
      (if (i32.ne (i32.and (local.get $code) (i32.const 0xf8)) (i32.const 0xf0))
        (then (call $bad_utf8)))
      (local.set $code (i32.and (local.get $code) (i32.const 0x07)))
      (local.set $more (i32.const 3))
      (local.set $min (i32.const 0x10000)))
    (if
      (from.lt_u
        (from.sub (local.get $end) (local.get $ptr))
        (from.extend (local.get $more)))
      (then (call $bad_utf8)))
    (loop $follow
      (local.set $byte (i32.load8_u $from (local.get $ptr)))
      (if (i32.ne (i32.and (local.get $byte) (i32.const 0xc0)) (i32.const 0x80))
        (then (call $bad_utf8)))
      (local.set $code
        (i32.or
          (i32.shl (local.get $code) (i32.const 6))
          (i32.and (local.get $byte) (i32.const 0x3f))))
      (local.set $ptr (from.add (local.get $ptr) (from.const 1)))
      (local.set $more (i32.sub (local.get $more) (i32.const 1)))
      (br_if $follow (local.get $more)))
    (if
      (i32.or
        (i32.or
          (i32.lt_u (local.get $code) (local.get $min))
          (i32.ge_u (local.get $code) (i32.const 0x110000)))
        (i32.eq (i32.and (local.get $code) (i32.const 0xfffff800)) (i32.const 0xd800)))
      (then (call $bad_utf8)))
    (local.get $code)
    (local.get $ptr))

  (func $next_utf16 (@name "decode UTF-16") (param $ptr from.ptr) (param $end from.ptr)
    (result i32 from.ptr)
    (local $code i32)
    (local $low i32)
    (local.set $code (i32.load16_u $from (local.get $ptr)))
    (local.set $ptr (from.add (local.get $ptr) (from.const 2)))
    (if (i32.ne (i32.and (local.get $code) (i32.const 0xf800)) (i32.const 0xd800))
      (then (return (local.get $code) (local.get $ptr))))
    ;; a high surrogate, which a low one has to follow
    (if
      (i32.or
        (i32.ge_u (local.get $code) (i32.const 0xdc00))
        (from.eq (local.get $ptr) (local.get $end)))
      (then (call $bad_utf16)))
    (local.set $low (i32.load16_u $from (local.get $ptr)))
    (if (i32.ne (i32.and (local.get $low) (i32.const 0xfc00)) (i32.const 0xdc00))
      (then (call $bad_utf16)))
    (i32.add
      (i32.const 0x10000)
      (i32.or
        (i32.shl (i32.and (local.get $code) (i32.const 0x3ff)) (i32.const 10))
        (i32.and (local.get $low) (i32.const 0x3ff))))
    (from.add (local.get $ptr) (from.const 2)))

  ;; Writing: a code point at `ptr`; where the next one goes.

  (func $put_utf8 (@name "encode UTF-8") (param $ptr to.ptr) (param $code i32) (result to.ptr)
    (if (i32.lt_u (local.get $code) (i32.const 0x80))
      (then
        (i32.store8 $to (local.get $ptr) (local.get $code))
        (return (to.add (local.get $ptr) (to.const 1)))))
    (if (i32.lt_u (local.get $code) (i32.const 0x800))
      (then
        (i32.store8 $to (local.get $ptr)
          (i32.or (i32.const 0xc0) (i32.shr_u (local.get $code) (i32.const 6))))
        (return (call $put_rest (to.add (local.get $ptr) (to.const 1)) (local.get $code)
          (i32.const 0)))))
    (if (i32.lt_u (local.get $code) (i32.const 0x10000))
      (then
        (i32.store8 $to (local.get $ptr)
          (i32.or (i32.const 0xe0) (i32.shr_u (local.get $code) (i32.const 12))))
        (return (call $put_rest (to.add (local.get $ptr) (to.const 1)) (local.get $code)
          (i32.const 6)))))
    (i32.store8 $to (local.get $ptr)
      (i32.or (i32.const 0xf0) (i32.shr_u (local.get $code) (i32.const 18))))
    (call $put_rest (to.add (local.get $ptr) (to.const 1)) (local.get $code) (i32.const 12)))

  ;; The bytes of a sequence after the first one: six bits each, from `shift` down.
  (func $put_rest (@name "encode UTF-8, further bytes")
    (param $ptr to.ptr) (param $code i32) (param $shift i32) (result to.ptr)
    (loop $next
      (i32.store8 $to (local.get $ptr)
        (i32.or
          (i32.const 0x80)
          (i32.and (i32.shr_u (local.get $code) (local.get $shift)) (i32.const 0x3f))))
      (local.set $ptr (to.add (local.get $ptr) (to.const 1)))
      (local.set $shift (i32.sub (local.get $shift) (i32.const 6)))
      (br_if $next (i32.ge_s (local.get $shift) (i32.const 0))))
    (local.get $ptr))

  (func $put_utf16 (@name "encode UTF-16") (param $ptr to.ptr) (param $code i32) (result to.ptr)
    (if (i32.lt_u (local.get $code) (i32.const 0x10000))
      (then
        (i32.store16 $to (local.get $ptr) (local.get $code))
        (return (to.add (local.get $ptr) (to.const 2)))))
    (local.set $code (i32.sub (local.get $code) (i32.const 0x10000)))
    (i32.store16 $to (local.get $ptr)
      (i32.or (i32.const 0xd800) (i32.shr_u (local.get $code) (i32.const 10))))
    (i32.store16 $to offset=2 (local.get $ptr)
      (i32.or (i32.const 0xdc00) (i32.and (local.get $code) (i32.const 0x3ff))))
    (to.add (local.get $ptr) (to.const 4)))

  ;; Moving: runs that need no decoding, and all that is left.

  ;; Moves ASCII, as bytes: where it ends, and where the next byte goes.
  (func $ascii (@name "move ascii")
    (param $encoding i32) (param $ptr from.ptr) (param $end from.ptr) (param $out to.ptr)
    (result from.ptr to.ptr)
    (local $stop from.ptr)
    (local.set $stop
      (if (result from.ptr) (i32.and (local.get $encoding) (i32.const 1))
        (then
          (call $narrow
            (local.get $ptr) (local.get $end) (local.get $out) (i32.const 0xff80)))
        (else (call $copy_ascii (local.get $ptr) (local.get $end) (local.get $out)))))
    (local.get $stop)
    (to.add
      (local.get $out)
      (to.extend
        (i32.shr_u
          (from.wrap (from.sub (local.get $stop) (local.get $ptr)))
          (i32.and (local.get $encoding) (i32.const 1))))))

  ;; Moves what is one unit of UTF-16 for one of the source: where it ends, and where the next unit
  ;; goes.
  (func $units (@name "move units")
    (param $encoding i32) (param $ptr from.ptr) (param $end from.ptr) (param $out to.ptr)
    (result from.ptr to.ptr)
    (local $stop from.ptr)
    (if (i32.and (local.get $encoding) (i32.const 1))
      (then
        (local.set $stop
          (call $copy_units (local.get $ptr) (local.get $end) (local.get $out)))
        (return
          (local.get $stop)
          (to.add
            (local.get $out)
            (to.extend (from.wrap (from.sub (local.get $stop) (local.get $ptr))))))))
    (local.set $stop
      (call $widen
        (local.get $ptr)
        (local.get $end)
        (local.get $out)
        ;; UTF-8 as long as it is ASCII, Latin-1 as it is
        (select (i32.const 0) (i32.const 0x80) (local.get $encoding))))
    (local.get $stop)
    (to.add
      (local.get $out)
      (to.extend
        (i32.shl
          (from.wrap (from.sub (local.get $stop) (local.get $ptr)))
          (i32.const 1)))))

  ;; One loop for each pair of encodings in which most characters are decoded. What is frequent is
  ;; written out in it; eight units that are ASCII are a run, and begin one most likely.

  ;; Eight bytes become units.
  (func $widen_eight (@name "widen eight") (param $ptr from.ptr) (param $out to.ptr)
    (i64.store $to align=2 (local.get $out)
      (call $spread (i64.load32_u $from align=1 (local.get $ptr))))
    (i64.store $to offset=8 align=2 (local.get $out)
      (call $spread (i64.load32_u $from offset=4 align=1 (local.get $ptr)))))

  ;; Each of four bytes goes twice as far.
  (func $spread (@name "spread") (param $bytes i64) (result i64)
    (local.set $bytes
      (i64.and
        (i64.or (local.get $bytes) (i64.shl (local.get $bytes) (i64.const 16)))
        (i64.const 0x0000ffff0000ffff)))
    (i64.and
      (i64.or (local.get $bytes) (i64.shl (local.get $bytes) (i64.const 8)))
      (i64.const 0x00ff00ff00ff00ff)))

  ;; UTF-8 from `ptr` to `end` becomes UTF-16 at `out`; where it ends.
  (func $utf8_as_utf16 (@name "transcode utf8 to utf16")
    (param $ptr from.ptr) (param $end from.ptr) (param $out to.ptr) (result to.ptr)
    (local $code i32)
    (local $byte i32)
    (local $last i32)
    (local $left from.ptr)
    (block $done
      (loop $next
        (br_if $done
          (from.eqz (local.tee $left (from.sub (local.get $end) (local.get $ptr)))))
        (local.set $code (i32.load8_u $from (local.get $ptr)))
        (if (i32.lt_u (local.get $code) (i32.const 0x80))
          (then
            (if (from.ge_u (local.get $left) (from.const 8))
              (then
                (if
                  (i64.eqz
                    (i64.and
                      (i64.load $from align=1 (local.get $ptr))
                      (i64.const 0x8080808080808080)))
                  (then
                    (call $widen_eight (local.get $ptr) (local.get $out))
                    (local.set $ptr (from.add (local.get $ptr) (from.const 8)))
                    (local.set $out (to.add (local.get $out) (to.const 16)))
                    ;; as many again are a run
                    (br_if $next (from.lt_u (local.get $left) (from.const 16)))
                    (br_if $next
                      (i64.ne
                        (i64.and
                          (i64.load $from align=1 (local.get $ptr))
                          (i64.const 0x8080808080808080))
                        (i64.const 0)))
                    (call $units
                      (i32.const 0) (local.get $ptr) (local.get $end) (local.get $out))
                    (local.set $out)
                    (local.set $ptr)
                    (br $next)))))
            (i32.store16 $to (local.get $out) (local.get $code))
            (local.set $ptr (from.add (local.get $ptr) (from.const 1)))
            (local.set $out (to.add (local.get $out) (to.const 2)))
            (br $next)))
        ;; two bytes
        (if
          (i32.and
            (i32.lt_u (i32.sub (local.get $code) (i32.const 0xc2)) (i32.const 0x1e))
            (from.ge_u (local.get $left) (from.const 2)))
          (then
            (local.set $byte
              (i32.xor (i32.load8_u $from offset=1 (local.get $ptr)) (i32.const 0x80)))
            (if (i32.ge_u (local.get $byte) (i32.const 0x40)) (then (call $bad_utf8)))
            (i32.store16 $to
              (local.get $out)
              (i32.or
                (i32.shl (i32.and (local.get $code) (i32.const 0x1f)) (i32.const 6))
                (local.get $byte)))
            (local.set $ptr (from.add (local.get $ptr) (from.const 2)))
            (local.set $out (to.add (local.get $out) (to.const 2)))
            (br $next)))
        ;; three bytes
        (if
          (i32.and
            (i32.eq (i32.and (local.get $code) (i32.const 0xf0)) (i32.const 0xe0))
            (from.ge_u (local.get $left) (from.const 3)))
          (then
            (local.set $byte
              (i32.xor (i32.load8_u $from offset=1 (local.get $ptr)) (i32.const 0x80)))
            (local.set $last
              (i32.xor (i32.load8_u $from offset=2 (local.get $ptr)) (i32.const 0x80)))
            (if
              (i32.ge_u (i32.or (local.get $byte) (local.get $last)) (i32.const 0x40))
              (then (call $bad_utf8)))
            (local.set $code
              (i32.or
                (i32.shl (i32.and (local.get $code) (i32.const 0x0f)) (i32.const 12))
                (i32.or (i32.shl (local.get $byte) (i32.const 6)) (local.get $last))))
            (if
              (i32.or
                (i32.lt_u (local.get $code) (i32.const 0x800))
                (i32.eq (i32.and (local.get $code) (i32.const 0xf800)) (i32.const 0xd800)))
              (then (call $bad_utf8)))
            (i32.store16 $to (local.get $out) (local.get $code))
            (local.set $ptr (from.add (local.get $ptr) (from.const 3)))
            (local.set $out (to.add (local.get $out) (to.const 2)))
            (br $next)))
        ;; four bytes, or a mistake
        (call $next_utf8 (local.get $ptr) (local.get $end))
        (local.set $ptr)
        (local.set $code)
        (local.set $out (call $put_utf16 (local.get $out) (local.get $code)))
        (br $next)))
    (local.get $out))

  ;; UTF-16 from `ptr` to `end` becomes UTF-8 at `out`; where it ends.
  (func $utf16_as_utf8 (@name "transcode utf16 to utf8")
    (param $ptr from.ptr) (param $end from.ptr) (param $out to.ptr) (result to.ptr)
    (local $code i32)
    (block $done
      (loop $next
        (br_if $done (from.eq (local.get $ptr) (local.get $end)))
        (local.set $code (i32.load16_u $from (local.get $ptr)))
        (if (i32.lt_u (local.get $code) (i32.const 0x80))
          (then
            (if
              (from.ge_u (from.sub (local.get $end) (local.get $ptr)) (from.const 16))
              (then
                (if
                  (i64.eqz
                    (i64.and
                      (i64.or
                        (i64.load $from align=2 (local.get $ptr))
                        (i64.load $from offset=8 align=2 (local.get $ptr)))
                      (i64.const 0xff80ff80ff80ff80)))
                  (then
                    (call $ascii
                      (i32.const 1) (local.get $ptr) (local.get $end) (local.get $out))
                    (local.set $out)
                    (local.set $ptr)
                    (br $next)))))
            (i32.store8 $to (local.get $out) (local.get $code))
            (local.set $ptr (from.add (local.get $ptr) (from.const 2)))
            (local.set $out (to.add (local.get $out) (to.const 1)))
            (br $next)))
        (if (i32.lt_u (local.get $code) (i32.const 0x800))
          (then
            (i32.store16 $to align=1
              (local.get $out)
              (i32.or
                (i32.const 0x80c0)
                (i32.or
                  (i32.shr_u (local.get $code) (i32.const 6))
                  (i32.shl (i32.and (local.get $code) (i32.const 0x3f)) (i32.const 8)))))
            (local.set $ptr (from.add (local.get $ptr) (from.const 2)))
            (local.set $out (to.add (local.get $out) (to.const 2)))
            (br $next)))
        (if (i32.ne (i32.and (local.get $code) (i32.const 0xf800)) (i32.const 0xd800))
          (then
            (i32.store16 $to align=1
              (local.get $out)
              (i32.or
                (i32.const 0x80e0)
                (i32.or
                  (i32.shr_u (local.get $code) (i32.const 12))
                  (i32.shl
                    (i32.and (i32.shr_u (local.get $code) (i32.const 6)) (i32.const 0x3f))
                    (i32.const 8)))))
            (i32.store8 $to offset=2
              (local.get $out)
              (i32.or (i32.const 0x80) (i32.and (local.get $code) (i32.const 0x3f))))
            (local.set $ptr (from.add (local.get $ptr) (from.const 2)))
            (local.set $out (to.add (local.get $out) (to.const 3)))
            (br $next)))
        ;; two units, or a mistake
        (call $next_utf16 (local.get $ptr) (local.get $end))
        (local.set $ptr)
        (local.set $code)
        (local.set $out (call $put_utf8 (local.get $out) (local.get $code)))
        (br $next)))
    (local.get $out))

  ;; Latin-1 from `ptr` to `end` becomes UTF-8 at `out`; where it ends.
  (func $latin1_as_utf8 (@name "transcode latin1 to utf8")
    (param $ptr from.ptr) (param $end from.ptr) (param $out to.ptr) (result to.ptr)
    (local $code i32)
    (block $done
      (loop $next
        (br_if $done (from.eq (local.get $ptr) (local.get $end)))
        (local.set $code (i32.load8_u $from (local.get $ptr)))
        (if (i32.ge_u (local.get $code) (i32.const 0x80))
          (then
            (i32.store16 $to align=1
              (local.get $out)
              (i32.or
                (i32.const 0x80c0)
                (i32.or
                  (i32.shr_u (local.get $code) (i32.const 6))
                  (i32.shl (i32.and (local.get $code) (i32.const 0x3f)) (i32.const 8)))))
            (local.set $ptr (from.add (local.get $ptr) (from.const 1)))
            (local.set $out (to.add (local.get $out) (to.const 2)))
            (br $next)))
        (if
          (from.ge_u (from.sub (local.get $end) (local.get $ptr)) (from.const 8))
          (then
            (if
              (i64.eqz
                (i64.and
                  (i64.load $from align=1 (local.get $ptr))
                  (i64.const 0x8080808080808080)))
              (then
                (call $ascii (i32.const 2) (local.get $ptr) (local.get $end) (local.get $out))
                (local.set $out)
                (local.set $ptr)
                (br $next)))))
        (i32.store8 $to (local.get $out) (local.get $code))
        (local.set $ptr (from.add (local.get $ptr) (from.const 1)))
        (local.set $out (to.add (local.get $out) (to.const 1)))
        (br $next)))
    (local.get $out))

  ;; UTF-8 from `ptr` becomes Latin-1 at `out` as long as it can, and is no mistake: where it ends,
  ;; and where the next byte goes.
  (func $utf8_as_latin1 (@name "transcode utf8 to latin1")
    (param $ptr from.ptr) (param $end from.ptr) (param $out to.ptr)
    (result from.ptr to.ptr)
    (local $code i32)
    (local $byte i32)
    (local $left from.ptr)
    (block $done
      (loop $next
        (br_if $done
          (from.eqz (local.tee $left (from.sub (local.get $end) (local.get $ptr)))))
        (local.set $code (i32.load8_u $from (local.get $ptr)))
        (if (i32.lt_u (local.get $code) (i32.const 0x80))
          (then
            (if (from.ge_u (local.get $left) (from.const 8))
              (then
                (if
                  (i64.eqz
                    (i64.and
                      (i64.load $from align=1 (local.get $ptr))
                      (i64.const 0x8080808080808080)))
                  (then
                    (call $ascii
                      (i32.const 0) (local.get $ptr) (local.get $end) (local.get $out))
                    (local.set $out)
                    (local.set $ptr)
                    (br $next)))))
            (i32.store8 $to (local.get $out) (local.get $code))
            (local.set $ptr (from.add (local.get $ptr) (from.const 1)))
            (local.set $out (to.add (local.get $out) (to.const 1)))
            (br $next)))
        (br_if $done
          (i32.or
            (i32.gt_u (i32.sub (local.get $code) (i32.const 0xc2)) (i32.const 1))
            (from.lt_u (local.get $left) (from.const 2))))
        (local.set $byte
          (i32.xor (i32.load8_u $from offset=1 (local.get $ptr)) (i32.const 0x80)))
        (br_if $done (i32.ge_u (local.get $byte) (i32.const 0x40)))
        (i32.store8 $to
          (local.get $out)
          (i32.or (i32.shl (local.get $code) (i32.const 6)) (local.get $byte)))
        (local.set $ptr (from.add (local.get $ptr) (from.const 2)))
        (local.set $out (to.add (local.get $out) (to.const 1)))
        (br $next)))
    (local.get $ptr)
    (local.get $out))

  ;; Transcodes from `ptr` to `end` as UTF-8, to `out`; where it ends.
  (func $rest_as_utf8 (@name "transcode the rest to utf8")
    (param $encoding i32) (param $ptr from.ptr) (param $end from.ptr) (param $out to.ptr)
    (result to.ptr)
    (local $code i32)
    (if (i32.and (local.get $encoding) (i32.const 1))
      (then
        (return (call $utf16_as_utf8 (local.get $ptr) (local.get $end) (local.get $out)))))
    (if (local.get $encoding)
      (then
        (return (call $latin1_as_utf8 (local.get $ptr) (local.get $end) (local.get $out)))))
    (block $done
      (loop $next
        (br_if $done (from.eq (local.get $ptr) (local.get $end)))
        (call $next_utf8 (local.get $ptr) (local.get $end))
        (local.set $ptr)
        (local.set $code)
        (local.set $out (call $put_utf8 (local.get $out) (local.get $code)))
        (br $next)))
    (local.get $out))

  ;; Transcodes from `ptr` to `end` as UTF-16, to `out`; where it ends.
  (func $rest_as_utf16 (@name "transcode the rest to utf16")
    (param $encoding i32) (param $ptr from.ptr) (param $end from.ptr) (param $out to.ptr)
    (result to.ptr)
    (local $code i32)
    (if (i32.eqz (local.get $encoding))
      (then
        (return (call $utf8_as_utf16 (local.get $ptr) (local.get $end) (local.get $out)))))
    (block $done
      (loop $next
        (call $units
          (local.get $encoding) (local.get $ptr) (local.get $end) (local.get $out))
        (local.set $out)
        (local.set $ptr)
        (br_if $done (from.eq (local.get $ptr) (local.get $end)))
        (call $next_utf16 (local.get $ptr) (local.get $end))
        (local.set $ptr)
        (local.set $code)
        (local.set $out (call $put_utf16 (local.get $out) (local.get $code)))
        (br $next)))
    (local.get $out))

  (func $end (@name "end of source")
    (param $encoding i32) (param $ptr from.ptr) (param $units i32) (result from.ptr)
    (from.add
      (local.get $ptr)
      (from.extend
        (i32.shl (local.get $units) (i32.and (local.get $encoding) (i32.const 1))))))

  ;; Gives back what was allocated and is not used.
  (func $shrink (@name "shrink")
    (param $out to.ptr) (param $size i32) (param $align i32) (param $used i32) (result to.ptr)
    (if (i32.eq (local.get $size) (local.get $used)) (then (return (local.get $out))))
    (call $realloc (local.get $out) (local.get $size) (local.get $align) (local.get $used)))

  ;; *store_string_to_utf8*
  (func (@name "transcode to utf8") (export "utf8")
    (param $encoding i32) (param $ptr from.ptr) (param $units i32) (result to.ptr i32)
    (local $end from.ptr)
    (local $out to.ptr)
    (local $at to.ptr)
    (local $used i32)
    (local $worst i32)
    (local.set $end (call $end (local.get $encoding) (local.get $ptr) (local.get $units)))
    (local.set $out
      (call $realloc (to.const 0) (i32.const 0) (i32.const 1) (local.get $units)))
    ;; as long as it is ASCII, a code unit is a byte
    (call $ascii (local.get $encoding) (local.get $ptr) (local.get $end) (local.get $out))
    (local.set $at)
    (local.set $ptr)
    (local.set $used (to.wrap (to.sub (local.get $at) (local.get $out))))
    (if (from.eq (local.get $ptr) (local.get $end))
      (then (return (local.get $out) (local.get $units))))
    ;; a unit of UTF-16 takes up to three bytes, one of Latin-1 two
    (local.set $worst
      (i32.mul
        (local.get $units)
        (i32.add (i32.const 2) (i32.and (local.get $encoding) (i32.const 1)))))
    (local.set $out
      (call $realloc (local.get $out) (local.get $units) (i32.const 1) (local.get $worst)))
    (local.set $used
      (to.wrap
        (to.sub
          (call $rest_as_utf8
            (local.get $encoding)
            (local.get $ptr)
            (local.get $end)
            (to.add (local.get $out) (to.extend (local.get $used))))
          (local.get $out))))
    (call $shrink (local.get $out) (local.get $worst) (i32.const 1) (local.get $used))
    (local.get $used))

  ;; *store_utf8_to_utf16*, and *store_string_copy* to UTF-16: there nothing is left to shrink
  (func (@name "transcode to utf16") (export "utf16")
    (param $encoding i32) (param $ptr from.ptr) (param $units i32) (result to.ptr i32)
    (local $end from.ptr)
    (local $stop from.ptr)
    (local $out to.ptr)
    (local $size i32)
    (local $used i32)
    (local.set $size (i32.shl (local.get $units) (i32.const 1)))
    (local.set $out (call $realloc (to.const 0) (i32.const 0) (i32.const 2) (local.get $size)))
    (local.set $end (call $end (local.get $encoding) (local.get $ptr) (local.get $units)))
    ;; nothing is to be decoded in Latin-1, and in UTF-16 only surrogates
    (if (i32.eq (local.get $encoding) (i32.const 2))
      (then
        (drop
          (call $widen (local.get $ptr) (local.get $end) (local.get $out) (i32.const 0)))
        (return (local.get $out) (local.get $units))))
    (if (i32.and (local.get $encoding) (i32.const 1))
      (then
        (local.set $stop
          (call $copy_units (local.get $ptr) (local.get $end) (local.get $out)))
        (if (from.ne (local.get $stop) (local.get $end))
          (then
            (drop
              (call $rest_as_utf16
                (local.get $encoding)
                (local.get $stop)
                (local.get $end)
                (to.add
                  (local.get $out)
                  (to.extend (from.wrap (from.sub (local.get $stop) (local.get $ptr)))))))))
        (return (local.get $out) (local.get $units))))
    (local.set $used
      (to.wrap
        (to.sub
          (call $utf8_as_utf16 (local.get $ptr) (local.get $end) (local.get $out))
          (local.get $out))))
    (call $shrink (local.get $out) (local.get $size) (i32.const 2) (local.get $used))
    (i32.shr_u (local.get $used) (i32.const 1)))

  (func (@name "transcode to latin1+utf16") (export "latin1+utf16")
    (param $encoding i32) (param $ptr from.ptr) (param $units i32) (result to.ptr i32)
    (local $out to.ptr)
    (if (i32.eq (local.get $encoding) (i32.const 2))
      (then
        ;; *store_string_copy*
        (local.set $out
          (call $realloc (to.const 0) (i32.const 0) (i32.const 2) (local.get $units)))
        (memory.copy $to $from
          (local.get $out)
          (local.get $ptr)
          (both.extend (local.get $units)))
        (return (local.get $out) (local.get $units))))
    (if (i32.eq (local.get $encoding) (i32.const 3))
      (then (return (call $probably_utf16 (local.get $ptr) (local.get $units)))))
    (call $latin1_or_utf16 (local.get $encoding) (local.get $ptr) (local.get $units)))

  ;; *store_string_to_latin1_or_utf16*
  (func $latin1_or_utf16 (@name "transcode to latin1, or utf16")
    (param $encoding i32) (param $ptr from.ptr) (param $units i32) (result to.ptr i32)
    (local $end from.ptr)
    (local $out to.ptr)
    (local $at to.ptr)
    (local $used i32)
    (local $code i32)
    (local $after from.ptr)
    (local $worst i32)
    (local.set $end (call $end (local.get $encoding) (local.get $ptr) (local.get $units)))
    (local.set $out
      (call $realloc (to.const 0) (i32.const 0) (i32.const 2) (local.get $units)))
    (block $wide
      (loop $next
        (call $latin1
          (local.get $encoding)
          (local.get $ptr)
          (local.get $end)
          (to.add (local.get $out) (to.extend (local.get $used))))
        (local.set $at)
        (local.set $ptr)
        (local.set $used (to.wrap (to.sub (local.get $at) (local.get $out))))
        (if (from.eq (local.get $ptr) (local.get $end))
          (then
            (return
              (call $shrink
                (local.get $out) (local.get $units) (i32.const 2) (local.get $used))
              (local.get $used))))
        (call $next (local.get $encoding) (local.get $ptr) (local.get $end))
        (local.set $after)
        (local.set $code)
        (br_if $wide (i32.ge_u (local.get $code) (i32.const 0x100)))
        (i32.store8 $to (to.add (local.get $out) (to.extend (local.get $used))) (local.get $code))
        (local.set $used (i32.add (local.get $used) (i32.const 1)))
        (local.set $ptr (local.get $after))
        (br $next)))
    (local.set $worst (i32.shl (local.get $units) (i32.const 1)))
    (local.set $out
      (call $realloc (local.get $out) (local.get $units) (i32.const 2) (local.get $worst)))
    (call $widen_in_place (local.get $out) (local.get $used))
    (local.set $used
      (to.wrap
        (to.sub
          (call $rest_as_utf16
            (local.get $encoding)
            (local.get $ptr)
            (local.get $end)
            (to.add (local.get $out) (to.extend (i32.shl (local.get $used) (i32.const 1)))))
          (local.get $out))))
    (call $shrink (local.get $out) (local.get $worst) (i32.const 2) (local.get $used))
    (i32.or (i32.shr_u (local.get $used) (i32.const 1)) (i32.const 0x80000000)))

  ;; Moves what is one byte of Latin-1 for one unit of the source: where it ends, and where the next
  ;; byte goes.
  (func $latin1 (@name "move latin1")
    (param $encoding i32) (param $ptr from.ptr) (param $end from.ptr) (param $out to.ptr)
    (result from.ptr to.ptr)
    (local $stop from.ptr)
    (if (i32.eqz (local.get $encoding))
      (then
        (return (call $utf8_as_latin1 (local.get $ptr) (local.get $end) (local.get $out)))))
    (local.set $stop
      (call $narrow (local.get $ptr) (local.get $end) (local.get $out) (i32.const 0xff00)))
    (local.get $stop)
    (to.add
      (local.get $out)
      (to.extend
        (i32.shr_u
          (from.wrap (from.sub (local.get $stop) (local.get $ptr)))
          (i32.const 1)))))

  ;; *store_probably_utf16_to_latin1_or_utf16*: the room is that of UTF-16 in any case
  (func $probably_utf16 (@name "transcode utf16 to latin1, or utf16")
    (param $ptr from.ptr) (param $units i32) (result to.ptr i32)
    (local $size i32)
    (local $end from.ptr)
    (local $out to.ptr)
    (local.set $size (i32.shl (local.get $units) (i32.const 1)))
    (local.set $end (from.add (local.get $ptr) (from.extend (local.get $size))))
    (local.set $out (call $realloc (to.const 0) (i32.const 0) (i32.const 2) (local.get $size)))
    (if
      (from.ne
        (call $narrow (local.get $ptr) (local.get $end) (local.get $out) (i32.const 0xff00))
        (local.get $end))
      (then
        (drop
          (call $rest_as_utf16
            (i32.const 1) (local.get $ptr) (local.get $end) (local.get $out)))
        (return (local.get $out) (i32.or (local.get $units) (i32.const 0x80000000)))))
    (call $realloc (local.get $out) (local.get $size) (i32.const 1) (local.get $units))
    (local.get $units)))
