;; Copies UTF-8 from one memory to another, and validates it, eight bytes at a time.
;;
;; Most strings are short, and most are ASCII. So up to a length all is done in one pass, as with
;; vectors (`utf8-simd.wat`): what is loaded is stored as it is, and one test at the end says whether
;; the text has to be validated. A long text is validated first.
;;
;; What is not ASCII is validated eight bytes at a time, too, without branches: whether a byte has to
;; continue a sequence is seen from the three before it, and of the first byte's low bits some exclude
;; some second bytes (Unicode, table 3-7), namely overlong forms, surrogates, and what lies above
;; U+10FFFF.
;;
;; The caller has checked that both ranges are in bounds. For `from.` and `to.` see `pointers.rs`.
(module $utf8
  (import "memory" "0" (memory $from from.ptr 0))
  (import "memory" "1" (memory $to to.ptr 0))

  (func $trap (@name "canon trap: string is not valid UTF-8")
    unreachable)

  ;; Copies `len` bytes from `ptr` to `out`; traps unless they are valid UTF-8.
  (func (@name "copy UTF-8") (export "copy")
    (param $ptr from.ptr) (param $len i32) (param $out to.ptr)
    (local $at from.ptr)
    (local $last from.ptr)
    (local $bytes i64)
    (local $all i64)
    (if (i32.gt_u (local.get $len) (i32.const 0x10000))
      (then
        (call $validate (local.get $ptr) (local.get $len) (i64.const 0))
        (memory.copy $to $from
          (local.get $out) (local.get $ptr) (both.extend (local.get $len)))
        (return)))
    (block $few
      (if (i32.gt_u (local.get $len) (i32.const 8))
        (then
          ;; where the last eight bytes begin
          (local.set $last
            (from.add (local.get $ptr) (from.extend (i32.sub (local.get $len) (i32.const 8)))))
          (local.set $all (i64.load $from align=1 (local.get $last)))
          (i64.store $to align=1
            (to.add (local.get $out) (to.extend (i32.sub (local.get $len) (i32.const 8))))
            (local.get $all))
          (local.set $at (local.get $ptr))
          (block $no_four
            (loop $four
              (br_if $no_four
                (from.lt_u (from.sub (local.get $last) (local.get $at)) (from.const 32)))
              (i64.store $to align=1
                (local.get $out)
                (local.tee $bytes (i64.load $from align=1 (local.get $at))))
              (local.set $all (i64.or (local.get $all) (local.get $bytes)))
              (i64.store $to offset=8 align=1
                (local.get $out)
                (local.tee $bytes (i64.load $from offset=8 align=1 (local.get $at))))
              (local.set $all (i64.or (local.get $all) (local.get $bytes)))
              (i64.store $to offset=16 align=1
                (local.get $out)
                (local.tee $bytes (i64.load $from offset=16 align=1 (local.get $at))))
              (local.set $all (i64.or (local.get $all) (local.get $bytes)))
              (i64.store $to offset=24 align=1
                (local.get $out)
                (local.tee $bytes (i64.load $from offset=24 align=1 (local.get $at))))
              (local.set $all (i64.or (local.get $all) (local.get $bytes)))
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
            (then (call $validate (local.get $ptr) (local.get $len) (i64.const 0))))
          (return)))
      (if (i32.ge_u (local.get $len) (i32.const 4))
        (then
          (local.set $last
            (from.add (local.get $ptr) (from.extend (i32.sub (local.get $len) (i32.const 4)))))
          (local.set $bytes (i64.load32_u $from align=1 (local.get $ptr)))
          (local.set $all (i64.load32_u $from align=1 (local.get $last)))
          (i64.store32 $to align=1 (local.get $out) (local.get $bytes))
          (i64.store32 $to align=1
            (to.add (local.get $out) (to.extend (i32.sub (local.get $len) (i32.const 4))))
            (local.get $all))
          (local.set $bytes
            (call $with_bytes
              (local.get $bytes)
              (i32.sub (local.get $len) (i32.const 4))
              (local.get $all)))
          (br $few)))
      (if (i32.eqz (local.get $len)) (then (return)))
      ;; the first, the middle and the last of up to three
      (local.set $bytes (i64.load8_u $from (local.get $ptr)))
      (i64.store8 $to (local.get $out) (local.get $bytes))
      (local.set $at
        (from.add (local.get $ptr) (from.extend (i32.shr_u (local.get $len) (i32.const 1)))))
      (local.set $all (i64.load8_u $from (local.get $at)))
      (i64.store8 $to
        (to.add (local.get $out) (to.extend (i32.shr_u (local.get $len) (i32.const 1))))
        (local.get $all))
      (local.set $bytes
        (call $with_bytes
          (local.get $bytes)
          (i32.shr_u (local.get $len) (i32.const 1))
          (local.get $all)))
      (local.set $last
        (from.add (local.get $ptr) (from.extend (i32.sub (local.get $len) (i32.const 1)))))
      (local.set $all (i64.load8_u $from (local.get $last)))
      (i64.store8 $to
        (to.add (local.get $out) (to.extend (i32.sub (local.get $len) (i32.const 1))))
        (local.get $all))
      (local.set $bytes
        (call $with_bytes
          (local.get $bytes)
          (i32.sub (local.get $len) (i32.const 1))
          (local.get $all))))
    (if (i64.ne (i64.and (local.get $bytes) (i64.const 0x8080808080808080)) (i64.const 0))
      (then
        ;; Behind eight bytes there is no zero yet.
        (call $validate
          (from.add (local.get $ptr) (from.const 8))
          (select (i32.const 0) (i32.const -1) (i32.eq (local.get $len) (i32.const 8)))
          (local.get $bytes)))))

  ;; `bytes`, and `more` from the byte `at` on. What both have is the same.
  (func $with_bytes (@name "put bytes behind bytes")
    (param $bytes i64) (param $at i32) (param $more i64) (result i64)
    (i64.or
      (local.get $bytes)
      (i64.shl
        (local.get $more)
        (i64.extend_i32_u (i32.shl (local.get $at) (i32.const 3))))))

  ;; Traps unless a text is valid UTF-8: what is in `bytes`, and then `left` bytes from `ptr`, before
  ;; which there are eight more. With a negative `left`, `bytes` is all, and ends with a zero.
  ;;
  ;; The highest bit of each byte is where all is decided: a shift to the left by one has the next
  ;; bit of each byte there, and one by eight the byte before.
  (func $validate (@name "validate UTF-8")
    (param $ptr from.ptr) (param $left i32) (param $bytes i64)
    (local $before i64)
    (local $first i64)
    (local $leads i64)
    (local $third i64)
    (local $fourth i64)
    (local $continues i64)
    (local $low i64)
    (local $high i64)
    (local $wrong i64)
    (loop $next
      (block $checked
        (br_if $checked
          (i64.eqz
            (i64.and
              (i64.or (local.get $bytes) (local.get $before))
              (i64.const 0x8080808080808080))))
        ;; each byte's neighbour before it, and whether that begins a sequence
        (local.set $first
          (i64.or
            (i64.shl (local.get $bytes) (i64.const 8))
            (i64.shr_u (local.get $before) (i64.const 56))))
        (local.set $leads
          (i64.and (local.get $first) (i64.shl (local.get $first) (i64.const 1))))
        ;; two bytes for what fits in one
        (local.set $wrong
          (i64.or
            (local.get $wrong)
            (i64.and
              (i64.and
                (local.get $leads)
                (i64.xor (i64.shl (local.get $first) (i64.const 2)) (i64.const -1)))
              (i64.xor
                (i64.add
                  (i64.and (local.get $first) (i64.const 0x1e1e1e1e1e1e1e1e))
                  (i64.const 0x7e7e7e7e7e7e7e7e))
                (i64.const -1)))))
        (local.set $continues
          (i64.and
            (local.get $bytes)
            (i64.xor (i64.shl (local.get $bytes) (i64.const 1)) (i64.const -1))))
        ;; Mostly no sequence is longer than two bytes: then a byte continues one exactly if the one
        ;; before it begins one.
        (if
          (i64.eqz
            (i64.and
              (i64.or
                (i64.and
                  (i64.and (local.get $bytes) (i64.shl (local.get $bytes) (i64.const 1)))
                  (i64.shl (local.get $bytes) (i64.const 2)))
                (i64.and
                  (i64.and (local.get $before) (i64.shl (local.get $before) (i64.const 1)))
                  (i64.shl (local.get $before) (i64.const 2))))
              (i64.const 0x8080808080808080)))
          (then
            (local.set $wrong
              (i64.or (local.get $wrong) (i64.xor (local.get $continues) (local.get $leads))))
            (br $checked)))
        ;; where the third byte of a sequence is due, and where the fourth
        (local.set $third
          (i64.or
            (i64.shl (local.get $bytes) (i64.const 16))
            (i64.shr_u (local.get $before) (i64.const 48))))
        (local.set $third
          (i64.and
            (i64.and (local.get $third) (i64.shl (local.get $third) (i64.const 1)))
            (i64.shl (local.get $third) (i64.const 2))))
        (local.set $fourth
          (i64.or
            (i64.shl (local.get $bytes) (i64.const 24))
            (i64.shr_u (local.get $before) (i64.const 40))))
        (local.set $fourth
          (i64.and
            (i64.and (local.get $fourth) (i64.shl (local.get $fourth) (i64.const 1)))
            (i64.and
              (i64.shl (local.get $fourth) (i64.const 2))
              (i64.shl (local.get $fourth) (i64.const 3)))))
        (local.set $wrong
          (i64.or
            (local.get $wrong)
            (i64.xor
              (local.get $continues)
              (i64.or
                (local.get $leads)
                (i64.or (local.get $third) (local.get $fourth))))))
        ;; From here on, sequences of three and of four bytes: what their second byte may be
        (local.set $leads
          (i64.and (local.get $leads) (i64.shl (local.get $first) (i64.const 2))))
        (local.set $fourth (i64.shl (local.get $first) (i64.const 3)))
        (local.set $low (i64.and (local.get $first) (i64.const 0x0f0f0f0f0f0f0f0f)))
        ;; E0 and then less than A0, ED and then not
        (local.set $wrong
          (i64.or
            (local.get $wrong)
            (i64.and
              (i64.and
                (local.get $leads)
                (i64.xor (local.get $fourth) (i64.const -1)))
              (i64.or
                (i64.and
                  (i64.sub (i64.const 0x8080808080808080) (local.get $low))
                  (i64.xor (i64.shl (local.get $bytes) (i64.const 2)) (i64.const -1)))
                (i64.and
                  (i64.sub (i64.const 0x8080808080808080) (i64.xor (local.get $low) (i64.const 0x0d0d0d0d0d0d0d0d)))
                  (i64.shl (local.get $bytes) (i64.const 2)))))))
        ;; F5 and above; F0 and then less than 90, F4 and then not
        (local.set $high
          (i64.or
            (i64.shl (local.get $bytes) (i64.const 2))
            (i64.shl (local.get $bytes) (i64.const 3))))
        (local.set $wrong
          (i64.or
            (local.get $wrong)
            (i64.and
              (i64.and (local.get $leads) (local.get $fourth))
              (i64.or
                (i64.add (local.get $low) (i64.const 0x7b7b7b7b7b7b7b7b))
                (i64.or
                  (i64.and
                    (i64.sub (i64.const 0x8080808080808080) (local.get $low))
                    (i64.xor (local.get $high) (i64.const -1)))
                  (i64.and
                    (i64.sub (i64.const 0x8080808080808080) (i64.xor (local.get $low) (i64.const 0x0404040404040404)))
                    (local.get $high))))))))
      (if (i32.ge_s (local.get $left) (i32.const 0))
        (then
          (local.set $before (local.get $bytes))
          (local.set $bytes
            (if (result i64) (i32.ge_s (local.get $left) (i32.const 8))
              (then (i64.load $from align=1 (local.get $ptr)))
              (else
                ;; The last ones, from the end of eight: what is beyond them is zero. In two steps,
                ;; for there may be none, and a shift goes no further than 63.
                (i64.shr_u
                  (i64.shr_u
                    (i64.load $from align=1
                      (from.sub
                        (local.get $ptr)
                        (from.extend (i32.sub (i32.const 8) (local.get $left)))))
                    (i64.const 8))
                  (i64.extend_i32_u
                    (i32.shl (i32.sub (i32.const 7) (local.get $left)) (i32.const 3)))))))
          (local.set $ptr (from.add (local.get $ptr) (from.const 8)))
          (local.set $left (i32.sub (local.get $left) (i32.const 8)))
          (br $next))))
    (if
      (i64.ne (i64.and (local.get $wrong) (i64.const 0x8080808080808080)) (i64.const 0))
      (then (call $trap)))))
