;; The runtime's store: what all handle tables (`table.wat`) have in common, and what calls lend, in a memory that no
;; guest can address.
;;
;;   memory      for each table, where its entries begin; then what is allocated, one after another
;;
;; Calls nest, and so one stack serves all of them. A call that lends handles or makes borrows opens a
;; *frame*, and closes it in the end. Above it lie the indices that are lent, in the table of the
;; caller; or, if the host calls, the engine's handles that it has lent, as pairs.
;;
;;   a frame, 8 bytes           +0 the frame below   +4 the borrows that are held
;;   a lent index, 4 bytes
;;   a handle of the engine     +0 the resource type   +4 the engine's index
;;
;; What is full is moved to where there is twice as much room, or has it where it is, if nothing comes
;; after. Nothing but the table and $stack says where something is: entries refer to one another by
;; their indices, frames by their distance from the beginning of the stack. What was left behind is
;; not used again: altogether it is less than what is used.
(module $store
  (memory (import "room" "memory") 0)
  (func $take (import "room" "take") (param i32) (result i32))
  (global $heap (import "room" "heap") (mut i32))
  ;; Written when it is known how much room there is: what a table or the stack has first, in bytes; and what
  ;; it can have, that times a power of two
  (global $first i32 (i32.const 1024))
  (global $limit i32 (i32.const 0x400000))
  ;; the stack: where it begins, its room, and, counted from its beginning, where it ends and the
  ;; frame on top. Frame 0 is none, so the stack begins above.
  (global $stack (mut i32) (i32.const 0))
  (global $room (mut i32) (i32.const 0))
  (global $top (mut i32) (i32.const 8))
  (global $frame (mut i32) (i32.const 0))

  (func $unknown (@name "canon trap: unknown handle index") (export "unknown") unreachable)
  (func $type (@name "canon trap: handle is of another resource type") unreachable)
  (func $lent (@name "canon trap: handle is lent") (export "lent") unreachable)
  (func $borrowed (@name "canon trap: handle is a borrow, not an own") unreachable)
  (func $held (@name "canon trap: borrow handles still remain at the end of the call") unreachable)
  (func $full (@name "canon trap: handle table is full") unreachable)
  (func $too-many (@name "canon trap: too many handles are lent") unreachable)

  ;; Moves what has so many bytes to where there is twice as much room, and returns where; 0 if there
  ;; is none. What comes last stays where it is.
  (func $enlarge (@name "enlarge") (param $from i32) (param $size i32) (result i32)
    (local $to i32)
    (local $at i32)
    (if (i32.eqz (local.get $size)) (then (return (call $take (global.get $first)))))
    (if (i32.eq (i32.add (local.get $from) (local.get $size)) (global.get $heap))
      (then
        (return
          (select (local.get $from) (i32.const 0) (call $take (local.get $size))))))
    (local.set $to (call $take (i32.shl (local.get $size) (i32.const 1))))
    (if (local.get $to)
      (then
        (loop $next
          (i64.store (i32.add (local.get $to) (local.get $at))
            (i64.load (i32.add (local.get $from) (local.get $at))))
          (local.set $at (i32.add (local.get $at) (i32.const 8)))
          (br_if $next (i32.ne (local.get $at) (local.get $size))))))
    (local.get $to))

  ;; Traps: an entry is free, or of another type.
  (func (@name "canon trap") (export "mismatch") (param $entry i32)
    (if (i32.eqz (i32.load offset=4 (local.get $entry))) (then (call $unknown)))
    (call $type))

  ;; Traps: an entry is lent, or a borrow.
  (func (@name "canon trap") (export "stays") (param $entry i32)
    (if (i32.load offset=8 (local.get $entry)) (then (call $lent)))
    (call $borrowed))

  ;; Makes room for more than so many entries of a table; where they are, and for how many there is room.
  (func (@name "extend handle table") (export "extend")
    (param $table i32) (param $entries i32) (param $length i32) (result i32 i32)
    (local $at i32)
    (if (i32.eq (i32.shl (local.get $length) (i32.const 4)) (global.get $limit))
      (then (call $full)))
    (local.set $at
      (call $enlarge (local.get $entries) (i32.shl (local.get $length) (i32.const 4))))
    (if (i32.eqz (local.get $at)) (then (call $full)))
    (i32.store (local.get $table) (local.get $at))
    (local.get $at)
    (select
      (i32.shl (local.get $length) (i32.const 1))
      (i32.shr_u (global.get $first) (i32.const 4))
      (local.get $length)))

  ;; A handle of a table is lent once less.
  (func $unlend (@name "end lend") (export "unlend") (param $table i32) (param $index i32)
    (local $entry i32)
    (local.set $entry
      (i32.add (i32.load (local.get $table)) (i32.shl (local.get $index) (i32.const 4))))
    (i32.store offset=8 (local.get $entry)
      (i32.sub (i32.load offset=8 (local.get $entry)) (i32.const 1))))

  ;; Counts the borrows of a frame that are held.
  (func $hold (@name "count borrows") (param $frame i32) (param $more i32)
    (local.set $frame (i32.add (global.get $stack) (local.get $frame)))
    (i32.store offset=4 (local.get $frame)
      (i32.add (i32.load offset=4 (local.get $frame)) (local.get $more))))

  ;; One more for the frame on top, which is returned
  (func (@name "count borrow") (export "borrow") (result i32)
    (call $hold (global.get $frame) (i32.const 1))
    (global.get $frame))

  ;; One less
  (func (@name "borrow is dropped") (export "dropped") (param $frame i32)
    (call $hold (local.get $frame) (i32.const -1)))

  ;; Makes room on the stack; the address of what is new.
  (func $push (@name "push") (export "push") (param $size i32) (result i32)
    (local $at i32)
    (local.set $at (global.get $top))
    (global.set $top (i32.add (local.get $at) (local.get $size)))
    (if (i32.gt_u (global.get $top) (global.get $room)) (then (call $deepen)))
    (i32.add (global.get $stack) (local.get $at)))

  ;; Makes the stack larger: in 4 MiB, a million handles are lent at a time.
  (func $deepen (@name "enlarge stack")
    (local $at i32)
    (if (i32.eq (global.get $room) (global.get $limit)) (then (call $too-many)))
    (local.set $at (call $enlarge (global.get $stack) (global.get $room)))
    (if (i32.eqz (local.get $at)) (then (call $too-many)))
    (global.set $stack (local.get $at))
    (global.set $room
      (select (i32.shl (global.get $room) (i32.const 1)) (global.get $first) (global.get $room))))

  ;; Before handles are lent, or borrows are made, for a call
  (func (@name "open frame") (export "open")
    (local $at i32)
    (local.set $at (call $push (i32.const 8)))
    (i32.store (local.get $at) (global.get $frame))
    (i32.store offset=4 (local.get $at) (i32.const 0))
    (global.set $frame (i32.sub (local.get $at) (global.get $stack))))

  ;; When that call has returned: none of its borrows may be held any more
  (func (@name "borrows are dropped") (export "returned")
    (if (i32.load offset=4 (i32.add (global.get $stack) (global.get $frame)))
      (then (call $held))))

  ;; When that call is over: nothing of the caller's table is lent any more
  (func (@name "close frame") (export "close") (param $table i32)
    (local $first i32)
    (local.set $first (i32.add (global.get $frame) (i32.const 8)))
    (block $done
      (loop $next
        (br_if $done (i32.eq (global.get $top) (local.get $first)))
        (global.set $top (i32.sub (global.get $top) (i32.const 4)))
        (call $unlend (local.get $table)
          (i32.load (i32.add (global.get $stack) (global.get $top))))
        (br $next)))
    (global.set $top (global.get $frame))
    (global.set $frame (i32.load (i32.add (global.get $stack) (global.get $frame)))))

  ;; Keeps a handle of the engine that the host has lent, for the frame on top.
  (func (@name "keep a lent handle") (export "keep") (param $type i32) (param $index i32)
    (local $at i32)
    (local.set $at (call $push (i32.const 8)))
    (i32.store (local.get $at) (local.get $type))
    (i32.store offset=4 (local.get $at) (local.get $index)))

  ;; Takes the last that is kept: its resource type, 0 if there is none, and its index.
  (func (@name "take a lent handle") (export "take") (result i32 i32)
    (if (i32.eq (global.get $top) (i32.add (global.get $frame) (i32.const 8)))
      (then (return (i32.const 0) (i32.const 0))))
    (global.set $top (i32.sub (global.get $top) (i32.const 8)))
    (i32.load (i32.add (global.get $stack) (global.get $top)))
    (i32.load offset=4 (i32.add (global.get $stack) (global.get $top)))))
