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
;; There is no page at first, since a memory without one is made faster, if no text comes from the host. Of
;; an empty one hosts say that it is at some small address, without having asked for room there (jco: at 1), and
;; an address has to be in the memory (`BridgeStart`).
;;
;; The host writes here, and an embedder of a core module can write anything anywhere: so nothing else
;; is in this memory. What the runtime keeps for itself is in the store (`store.wat`).
(module $bridge
  (memory $bytes (export "memory") 0)
  (global $top (mut i32) (i32.const 16))
  (global $floor (mut i32) (i32.const 16))
  ;; While a handle leaves the engine's table without being destroyed, its destructor does nothing.
  (global $moving (mut i32) (i32.const 0))

  (func $full (@name "canon trap: out of memory between guests and host") unreachable)

  ;; `cabi_realloc`. Nothing is freed by itself: calls give back what they have taken.
  (func (@name "allocate for the host") (export "realloc")
    (param $old i32) (param $old_size i32) (param $align i32) (param $size i32) (result i32)
    (local $at i32)
    (local $end i64)
    (local.set $at
      (i32.and
        (i32.add (global.get $top) (i32.sub (local.get $align) (i32.const 1)))
        (i32.sub (i32.const 0) (local.get $align))))
    (local.set $end
      (i64.add (i64.extend_i32_u (local.get $at)) (i64.extend_i32_u (local.get $size))))
    (if (i64.gt_u (local.get $end) (i64.const 0xffff0000)) (then (call $full)))
    (block $fits
      (br_if $fits
        (i64.le_u (local.get $end) (i64.shl (i64.extend_i32_u (memory.size $bytes)) (i64.const 16))))
      (br_if $fits
        (i32.ne (i32.const -1)
          (memory.grow $bytes
            (i32.sub
              (i32.wrap_i64
                (i64.shr_u (i64.add (local.get $end) (i64.const 0xffff)) (i64.const 16)))
              (memory.size $bytes)))))
      (call $full))
    (if (local.get $old)
      (then
        (memory.copy $bytes $bytes (local.get $at) (local.get $old)
          (select (local.get $old_size) (local.get $size)
            (i32.lt_u (local.get $old_size) (local.get $size))))))
    (global.set $top (i32.wrap_i64 (local.get $end)))
    (local.get $at))

  ;; Before a call; to be given to `reset`.
  (func (@name "mark the bridge") (export "mark") (result i32)
    (global.get $top))

  (func (@name "reset the bridge") (export "reset") (param $mark i32)
    (global.set $top (local.get $mark)))

  ;; Before the host runs, for an import: what lies here stays. The floor there was, for `lower`.
  (func (@name "raise the floor") (export "raise") (result i32)
    (global.get $floor)
    (global.set $floor (global.get $top)))

  ;; When the host's results have been read
  (func (@name "lower the floor") (export "lower") (param $floor i32)
    (global.set $floor (local.get $floor)))

  ;; When the parameters of a call from the host have been read
  (func (@name "empty the bridge") (export "empty")
    (global.set $top (global.get $floor)))

  ;; `post-return` of a call from the host: its results have been read.
  (func (@name "release the results") (export "release") (param $results i32)
    (global.set $top (global.get $floor)))

  ;; Around dropping a handle of the engine whose resource lives on.
  (func (@name "handle moves in") (export "move") (param $moving i32)
    (global.set $moving (local.get $moving)))

  (func (@name "is a handle moving in") (export "is-moving") (result i32)
    (global.get $moving)))
