;; Validates UTF-8.
;;
;; Text is mostly ASCII, so eight bytes are looked at together until one of them is not. A sequence
;; is decoded by its first byte, which bounds its length and the range of its second byte (Unicode,
;; table 3-7): that excludes overlong forms, surrogates, and what lies above U+10FFFF.
;;
;; The caller has checked that the range is in bounds. For `from.` see `pointers.rs`.
(module $utf8
  (import "memory" "0" (memory from.ptr 0))

  (func $trap (@name "canon trap: string is not valid UTF-8")
    unreachable)

  ;; Traps unless the `len` bytes from `ptr` are valid UTF-8.
  (func (@name "validate UTF-8") (export "validate") (param $ptr from.ptr) (param $len i32)
    (local $end from.ptr)
    (local $first i32)
    (local $min i32)
    (local $max i32)
    (local $more i32)
    (local.set $end (from.add (local.get $ptr) (from.extend (local.get $len))))
    (loop $next
      (block $not_ascii
        (loop $ascii
          (br_if $not_ascii
            (from.lt_u (from.sub (local.get $end) (local.get $ptr)) (from.const 8)))
          (br_if $not_ascii
            (i64.ne
              (i64.and (i64.load align=1 (local.get $ptr)) (i64.const 0x8080808080808080))
              (i64.const 0)))
          (local.set $ptr (from.add (local.get $ptr) (from.const 8)))
          (br $ascii)))
      (if (from.eq (local.get $ptr) (local.get $end)) (then (return)))
      (local.set $first (i32.load8_u (local.get $ptr)))
      (local.set $ptr (from.add (local.get $ptr) (from.const 1)))
      (br_if $next (i32.lt_u (local.get $first) (i32.const 0x80)))

      ;; how many bytes follow, and what the second one may be
      (local.set $min (i32.const 0x80))
      (local.set $max (i32.const 0xbf))
      (block $sequence
        (if (i32.lt_u (local.get $first) (i32.const 0xe0))
          (then
            (if (i32.lt_u (local.get $first) (i32.const 0xc2)) (then (call $trap)))
            (local.set $more (i32.const 1))
            (br $sequence)))
        (if (i32.lt_u (local.get $first) (i32.const 0xf0))
          (then
            (if (i32.eq (local.get $first) (i32.const 0xe0))
              (then (local.set $min (i32.const 0xa0))))
            (if (i32.eq (local.get $first) (i32.const 0xed))
              (then (local.set $max (i32.const 0x9f))))
            (local.set $more (i32.const 2))
            (br $sequence)))
        (if (i32.gt_u (local.get $first) (i32.const 0xf4)) (then (call $trap)))
        (if (i32.eq (local.get $first) (i32.const 0xf0))
          (then (local.set $min (i32.const 0x90))))
        (if (i32.eq (local.get $first) (i32.const 0xf4))
          (then (local.set $max (i32.const 0x8f))))
        (local.set $more (i32.const 3)))

      (if
        (from.lt_u
          (from.sub (local.get $end) (local.get $ptr))
          (from.extend (local.get $more)))
        (then (call $trap)))
      (loop $follow
        (local.set $first (i32.load8_u (local.get $ptr)))
        (if
          (i32.or
            (i32.lt_u (local.get $first) (local.get $min))
            (i32.gt_u (local.get $first) (local.get $max)))
          (then (call $trap)))
        (local.set $min (i32.const 0x80))
        (local.set $max (i32.const 0xbf))
        (local.set $ptr (from.add (local.get $ptr) (from.const 1)))
        (local.set $more (i32.sub (local.get $more) (i32.const 1)))
        (br_if $follow (local.get $more)))
      (br $next))))
