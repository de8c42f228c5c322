;; The bridge: where values lie on their way between an instance and the host, when the handles in
;; them have to be exchanged.
;;
;; What the host reads and writes has to hold the engine's handles, what a guest reads and writes
;; its own, and neither may see the other's. So such values are copied once more, through a memory
;; of the fuser's own: a stack of bytes, of which each call gives back what it has taken.
;;
;; The host may call an export while it serves an import, and so to any depth. The engine allocates
;; an export's parameters before the export is called, and reads its results after it has returned.
;; So who calls cannot say where its part of the stack begins: the *floor* does. An import raises the
;; floor to the top while the host runs. Whenever the host runs, nothing lies above the floor:
;;
;;   import   mark; values down; raise; the host; values up; lower the floor, reset to the mark
;;   export   (parameters above the floor) values up; empty; the guest; values down;
;;            (the host reads them); release
;;
;; Mostly the memory is the store's, too: a memory takes longer to make than all else in an instance. The engine
;; writes only where it has asked for room, so what lies there otherwise is out of its way. An embedder of a
;; core module can write anything anywhere: there, nothing else is in this memory (`analyse/bridge.rs`).
;;
;; So the stack is in *parts*, between which others may have room (`room.wat`). A part does not move, for the
;; host has its addresses. The last one is made longer while nothing comes after it; if something does,
;; there is one more. All parts stay, in order, and what is put on the stack goes where there is room for it.
;;
;;   a part, in front of what is in it      +0 the part below in the stack   +4 the next in order
;;                                          +8 where it ends
(module $bridge
  (memory $bytes (import "room" "memory") 0)
  (func $take (import "room" "take") (param i32) (result i32))
  (global $heap (import "room" "heap") (mut i32))
  ;; Written when it is known: how many bytes it can have yet
  (global $left (mut i32) (i32.const 0xfffe0000))
  ;; Where the next value goes, and what stays. Before there is a part, that is 0.
  (global $top (mut i32) (i32.const 0))
  (global $floor (mut i32) (i32.const 0))
  ;; The part with the top, and its end; the first and the last part, and the end of that
  (global $part (mut i32) (i32.const 0))
  (global $end (mut i32) (i32.const 0))
  (global $first (mut i32) (i32.const 0))
  (global $last (mut i32) (i32.const 0))
  (global $tail (mut i32) (i32.const 0))
  ;; While a handle leaves the engine's table without being destroyed, its destructor does nothing.
  (global $moving (mut i32) (i32.const 0))

  (func $full (@name "canon trap: out of memory between guests and host") unreachable)

  ;; `cabi_realloc`. Nothing is freed by itself: calls give back what they have taken.
  (func (@name "allocate for the host") (export "realloc")
    (param $old i32) (param $old_size i32) (param $align i32) (param $size i32) (result i32)
    (local $at i32)
    (local.set $at
      (i32.and
        (i32.add (global.get $top) (i32.sub (local.get $align) (i32.const 1)))
        (i32.sub (i32.const 0) (local.get $align))))
    ;; What is empty has an address in the part as well.
    (if
      (i64.ge_u
        (i64.add (i64.extend_i32_u (local.get $at)) (i64.extend_i32_u (local.get $size)))
        (i64.extend_i32_u (global.get $end)))
      (then (local.set $at (call $further (local.get $at) (local.get $size)))))
    (if (local.get $old)
      (then
        (memory.copy $bytes $bytes (local.get $at) (local.get $old)
          (select (local.get $old_size) (local.get $size)
            (i32.lt_u (local.get $old_size) (local.get $size))))))
    (global.set $top (i32.add (local.get $at) (local.get $size)))
    (local.get $at))

  ;; Where so many bytes have room that have none at that place
  (func $further (@name "more of the bridge") (param $at i32) (param $size i32) (result i32)
    (local $part i32)
    ;; in a part that comes after this one
    (local.set $part (global.get $first))
    (if (global.get $part) (then (local.set $part (i32.load offset=4 (global.get $part)))))
    (block $none
      (loop $next
        (br_if $none (i32.eqz (local.get $part)))
        (if
          (i32.lt_u (local.get $size)
            (i32.sub
              (i32.load offset=8 (local.get $part))
              (i32.add (local.get $part) (i32.const 16))))
          (then (return (call $enter (local.get $part)))))
        (local.set $part (i32.load offset=4 (local.get $part)))
        (br $next)))
    ;; in one more, if the last cannot be longer
    (if (i32.ne (global.get $tail) (global.get $heap))
      (then
        (local.set $part
          (call $lengthen (i64.add (i64.extend_i32_u (local.get $size)) (i64.const 17))))
        (if (global.get $last)
          (then (i32.store offset=4 (global.get $last) (local.get $part)))
          (else (global.set $first (local.get $part))))
        (global.set $last (local.get $part))
        (i32.store offset=8 (local.get $part) (global.get $tail))
        (return (call $enter (local.get $part)))))
    ;; in the last
    (if (i32.ne (global.get $last) (global.get $part))
      (then (local.set $at (call $enter (global.get $last)))))
    (drop
      (call $lengthen
        (i64.sub
          (i64.add
            (i64.add (i64.extend_i32_u (local.get $at)) (i64.extend_i32_u (local.get $size)))
            (i64.const 1))
          (i64.extend_i32_u (global.get $tail)))))
    (i32.store offset=8 (global.get $last) (global.get $tail))
    (global.set $end (global.get $tail))
    (local.get $at))

  ;; Takes at least so many bytes, which belong to the last part: where they begin.
  (func $lengthen (@name "take room for the bridge") (param $bytes i64) (result i32)
    (local $at i32)
    (local.set $bytes
      (i64.and (i64.add (local.get $bytes) (i64.const 0xfff)) (i64.const -0x1000)))
    (if (i64.gt_u (local.get $bytes) (i64.extend_i32_u (global.get $left))) (then (call $full)))
    (local.set $at (call $take (i32.wrap_i64 (local.get $bytes))))
    (if (i32.eqz (local.get $at)) (then (call $full)))
    (global.set $left (i32.sub (global.get $left) (i32.wrap_i64 (local.get $bytes))))
    (global.set $tail (global.get $heap))
    (local.get $at))

  ;; From now on, what is put on the stack goes to that part: where to.
  (func $enter (@name "enter a part of the bridge") (param $part i32) (result i32)
    (i32.store (local.get $part) (global.get $part))
    (global.set $part (local.get $part))
    (global.set $end (i32.load offset=8 (local.get $part)))
    (i32.add (local.get $part) (i32.const 16)))

  ;; Before a call; to be given to `reset`.
  (func (@name "mark the bridge") (export "mark") (result i32)
    (global.get $top))

  (func $reset (@name "reset the bridge") (export "reset") (param $mark i32)
    (if
      (i32.ge_u
        (i32.sub (local.get $mark) (global.get $part))
        (i32.sub (global.get $end) (global.get $part)))
      (then (local.set $mark (call $leave (local.get $mark)))))
    (global.set $top (local.get $mark)))

  ;; Goes back to the part with that mark. It is that, or the beginning if it comes from before there was a part.
  (func $leave (@name "leave parts of the bridge") (param $mark i32) (result i32)
    (loop $below
      (if (i32.eq (global.get $part) (global.get $first))
        (then
          (return
            (select
              (i32.add (global.get $part) (i32.const 16)) (i32.const 0) (global.get $part)))))
      (global.set $part (i32.load (global.get $part)))
      (global.set $end (i32.load offset=8 (global.get $part)))
      (br_if $below
        (i32.ge_u
          (i32.sub (local.get $mark) (global.get $part))
          (i32.sub (global.get $end) (global.get $part)))))
    (local.get $mark))

  ;; Before the host runs, for an import: what lies here stays. The floor there was, for `lower`.
  (func (@name "raise the floor") (export "raise") (result i32)
    (global.get $floor)
    (global.set $floor (global.get $top)))

  ;; When the host's results have been read
  (func (@name "lower the floor") (export "lower") (param $floor i32)
    (global.set $floor (local.get $floor)))

  ;; When the parameters of a call from the host have been read
  (func (@name "empty the bridge") (export "empty")
    (call $reset (global.get $floor)))

  ;; `post-return` of a call from the host: its results have been read.
  (func (@name "release the results") (export "release") (param $results i32)
    (call $reset (global.get $floor)))

  ;; Around dropping a handle of the engine whose resource lives on.
  (func (@name "handle moves in") (export "move") (param $moving i32)
    (global.set $moving (local.get $moving)))

  (func (@name "is a handle moving in") (export "is-moving") (result i32)
    (global.get $moving)))
