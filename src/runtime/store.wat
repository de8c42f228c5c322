;; The runtime's store: the handle tables of all component instances, and what calls lend, in one
;; memory that no guest and no host can address.
;;
;;   memory      the heads of the tables, 16 bytes each; then what is allocated, one after another
;;
;; A table is as the specification has it (*Table State*): one for all resource types, indices begin
;; at 1, and the slot that was freed last is used first. It has a limit, as that of an engine has: what
;; one guest fills is its own.
;;
;;   a head, 16 bytes, of which the memory has one for each instance; all zero, a table is empty
;;     +0  where the entries begin
;;     +4  how many there are, slot 0 among them, which is never used
;;     +8  the slot that was freed last; 0: none
;;     +12 for how many there is room
;;   an entry, 16 bytes, at the beginning of the entries + 16 * index
;;     +0  the rep; of a free slot, the next free one (0: none)
;;     +4  the resource type; 0: the slot is free
;;     +8  how often it is lent
;;     +12 of a borrow, the frame of the call that it was made for; 0: it owns
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
;; after. Nothing but the heads and $stack says where something is: entries refer to one another by
;; their indices, frames by their distance from the beginning of the stack. What was left behind is
;; not used again: altogether it is less than what is used.
;;
;; Operations are short, and are written in place of calls of them (`decide/inline.rs` of the linker). What
;; happens seldom is in functions that are too large for that.
(module $store
  (memory (export "memory") 1)
  ;; Written when it is known how many heads there are, and how much room: where nothing is allocated
  ;; yet; what a table or the stack has first, in bytes; and what it can have, that times a power of two
  (global $heap (mut i32) (i32.const 0))
  (global $first i32 (i32.const 1024))
  (global $limit i32 (i32.const 0x400000))
  ;; the stack: where it begins, its room, and, counted from its beginning, where it ends and the
  ;; frame on top. Frame 0 is none, so the stack begins above.
  (global $stack (mut i32) (i32.const 0))
  (global $room (mut i32) (i32.const 0))
  (global $top (mut i32) (i32.const 8))
  (global $frame (mut i32) (i32.const 0))

  (func $unknown (@name "canon trap: unknown handle index") unreachable)
  (func $type (@name "canon trap: handle is of another resource type") unreachable)
  (func $lent (@name "canon trap: handle is lent") unreachable)
  (func $borrowed (@name "canon trap: handle is a borrow, not an own") unreachable)
  (func $held (@name "canon trap: borrow handles still remain at the end of the call") unreachable)
  (func $full (@name "canon trap: handle table is full") unreachable)
  (func $too-many (@name "canon trap: too many handles are lent") unreachable)

  ;; Moves what has so many bytes to where there is twice as much room, and returns where; 0 if there
  ;; is none. What is fresh is zero, for nothing has written there.
  (func $enlarge (@name "enlarge") (param $from i32) (param $size i32) (result i32)
    (local $to i32)
    (local $end i32)
    (local $missing i32)
    (local $at i32)
    ;; what comes last stays where it is
    (local.set $to
      (select (local.get $from) (global.get $heap)
        (i32.and
          (i32.ne (local.get $size) (i32.const 0))
          (i32.eq (i32.add (local.get $from) (local.get $size)) (global.get $heap)))))
    (local.set $end
      (i32.add (local.get $to)
        (select (i32.shl (local.get $size) (i32.const 1)) (global.get $first) (local.get $size))))
    (if (i32.lt_u (local.get $end) (local.get $to)) (then (return (i32.const 0))))
    (local.set $missing
      (i32.sub
        (i32.add (i32.shr_u (i32.sub (local.get $end) (i32.const 1)) (i32.const 16)) (i32.const 1))
        (memory.size)))
    (if (i32.gt_s (local.get $missing) (i32.const 0))
      (then
        (if (i32.eq (memory.grow (local.get $missing)) (i32.const -1))
          (then (return (i32.const 0))))))
    (global.set $heap (local.get $end))
    (if (i32.ne (local.get $to) (local.get $from))
      (then
        (block $done
          (loop $next
            (br_if $done (i32.eq (local.get $at) (local.get $size)))
            (i64.store (i32.add (local.get $to) (local.get $at))
              (i64.load (i32.add (local.get $from) (local.get $at))))
            (local.set $at (i32.add (local.get $at) (i32.const 8)))
            (br $next)))))
    (local.get $to))

  ;; The address of an entry, which has to be of that resource type.
  (func $get (@name "look up handle")
    (param $table i32) (param $type i32) (param $index i32) (result i32)
    (local $entry i32)
    (if (i32.ge_u (local.get $index) (i32.load offset=4 (local.get $table)))
      (then (call $unknown)))
    (local.set $entry
      (i32.add (i32.load (local.get $table)) (i32.shl (local.get $index) (i32.const 4))))
    (if (i32.ne (i32.load offset=4 (local.get $entry)) (local.get $type))
      (then (call $mismatch (local.get $entry))))
    (local.get $entry))

  ;; Traps: an entry is free, or of another type.
  (func $mismatch (@name "canon trap") (param $entry i32)
    (if (i32.eqz (i32.load offset=4 (local.get $entry))) (then (call $unknown)))
    (call $type))

  ;; A new entry, which is not lent; its index.
  (func $add (@name "add handle")
    (param $table i32) (param $type i32) (param $rep i32) (param $frame i32) (result i32)
    (local $index i32)
    (local $entry i32)
    (local.set $index (i32.load offset=8 (local.get $table)))
    (if (local.get $index)
      (then
        (local.set $entry
          (i32.add (i32.load (local.get $table)) (i32.shl (local.get $index) (i32.const 4))))
        (i32.store offset=8 (local.get $table) (i32.load (local.get $entry))))
      (else
        (local.set $index (i32.load offset=4 (local.get $table)))
        (if (i32.eq (local.get $index) (i32.load offset=12 (local.get $table)))
          (then (local.set $index (call $extend (local.get $table) (local.get $index)))))
        (local.set $entry
          (i32.add (i32.load (local.get $table)) (i32.shl (local.get $index) (i32.const 4))))
        (i32.store offset=4 (local.get $table) (i32.add (local.get $index) (i32.const 1)))))
    (i32.store (local.get $entry) (local.get $rep))
    (i32.store offset=4 (local.get $entry) (local.get $type))
    (i32.store offset=8 (local.get $entry) (i32.const 0))
    (i32.store offset=12 (local.get $entry) (local.get $frame))
    (local.get $index))

  ;; Makes room for more than so many entries; the index of the next.
  (func $extend (@name "extend handle table")
    (param $table i32) (param $length i32) (result i32)
    (local $at i32)
    (if (i32.eq (i32.shl (local.get $length) (i32.const 4)) (global.get $limit))
      (then (call $full)))
    (local.set $at
      (call $enlarge
        (i32.load (local.get $table))
        (i32.shl (local.get $length) (i32.const 4))))
    (if (i32.eqz (local.get $at)) (then (call $full)))
    (i32.store (local.get $table) (local.get $at))
    (i32.store offset=12 (local.get $table)
      (select
        (i32.shl (local.get $length) (i32.const 1))
        (i32.shr_u (global.get $first) (i32.const 4))
        (local.get $length)))
    (select (local.get $length) (i32.const 1) (local.get $length)))

  (func $remove (@name "remove handle") (param $table i32) (param $index i32) (param $entry i32)
    (i32.store offset=4 (local.get $entry) (i32.const 0))
    (i32.store (local.get $entry) (i32.load offset=8 (local.get $table)))
    (i32.store offset=8 (local.get $table) (local.get $index)))

  ;; `canon resource.new`, and *lower_own*
  (func (@name "new handle") (export "new")
    (param $table i32) (param $type i32) (param $rep i32) (result i32)
    (call $add (local.get $table) (local.get $type) (local.get $rep) (i32.const 0)))

  ;; `canon resource.rep`
  (func (@name "handle to rep") (export "rep")
    (param $table i32) (param $type i32) (param $index i32) (result i32)
    (i32.load (call $get (local.get $table) (local.get $type) (local.get $index))))

  ;; `canon resource.drop`, up to the destructor: whether the handle owned, and the rep
  (func (@name "drop handle") (export "drop")
    (param $table i32) (param $type i32) (param $index i32) (result i32 i32)
    (local $entry i32)
    (local $frame i32)
    (local.set $entry (call $get (local.get $table) (local.get $type) (local.get $index)))
    (if (i32.load offset=8 (local.get $entry)) (then (call $lent)))
    (local.set $frame (i32.load offset=12 (local.get $entry)))
    (if (local.get $frame)
      (then (call $hold (local.get $frame) (i32.const -1))))
    (i32.eqz (local.get $frame))
    (i32.load (local.get $entry))
    (call $remove (local.get $table) (local.get $index) (local.get $entry)))

  ;; Traps: an entry is lent, or a borrow.
  (func $stays (@name "canon trap") (param $entry i32)
    (if (i32.load offset=8 (local.get $entry)) (then (call $lent)))
    (call $borrowed))

  ;; *lift_own*: the rep
  (func (@name "lift own") (export "lift-own")
    (param $table i32) (param $type i32) (param $index i32) (result i32)
    (local $entry i32)
    (local.set $entry (call $get (local.get $table) (local.get $type) (local.get $index)))
    (if (i64.ne (i64.load offset=8 (local.get $entry)) (i64.const 0))
      (then (call $stays (local.get $entry))))
    (i32.load (local.get $entry))
    (call $remove (local.get $table) (local.get $index) (local.get $entry)))

  ;; *lift_borrow*: the rep. The handle is lent until `unlend`.
  (func $lend (@name "lend handle") (export "lend")
    (param $table i32) (param $type i32) (param $index i32) (result i32)
    (local $entry i32)
    (local.set $entry (call $get (local.get $table) (local.get $type) (local.get $index)))
    (i32.store offset=8 (local.get $entry)
      (i32.add (i32.load offset=8 (local.get $entry)) (i32.const 1)))
    (i32.load (local.get $entry)))

  ;; The end of that
  (func $unlend (@name "end lend") (export "unlend") (param $table i32) (param $index i32)
    (local $entry i32)
    (local.set $entry
      (i32.add (i32.load (local.get $table)) (i32.shl (local.get $index) (i32.const 4))))
    (i32.store offset=8 (local.get $entry)
      (i32.sub (i32.load offset=8 (local.get $entry)) (i32.const 1))))

  ;; *lift_borrow*: the rep. The handle is lent until the frame on top is closed.
  (func (@name "lift borrow") (export "lift-borrow")
    (param $table i32) (param $type i32) (param $index i32) (result i32)
    (call $lend (local.get $table) (local.get $type) (local.get $index))
    (i32.store (call $push (i32.const 4)) (local.get $index)))

  ;; *lower_borrow* in an instance that does not define the resource, for the frame on top
  (func (@name "lower borrow") (export "lower-borrow")
    (param $table i32) (param $type i32) (param $rep i32) (result i32)
    (call $add
      (local.get $table) (local.get $type) (local.get $rep) (global.get $frame))
    (call $hold (global.get $frame) (i32.const 1)))

  ;; Counts the borrows of a frame that are held.
  (func $hold (@name "count borrows") (param $frame i32) (param $more i32)
    (local.set $frame (i32.add (global.get $stack) (local.get $frame)))
    (i32.store offset=4 (local.get $frame)
      (i32.add (i32.load offset=4 (local.get $frame)) (local.get $more))))

  ;; Makes room on the stack; the address of what is new.
  (func $push (@name "push") (param $size i32) (result i32)
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
