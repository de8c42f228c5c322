;; A handle table: that of one component instance. There is a module of these for each.
;;
;; A table is as the specification has it (*Table State*): one for all resource types, indices begin
;; at 1, and the slot that was freed last is used first. It has a limit, as that of an engine has: what
;; one guest fills is its own.
;;
;;   an entry, 16 bytes, at the beginning of the entries + 16 * index
;;     +0  the rep; of a free slot, the next free one (0: none)
;;     +4  the resource type; 0: the slot is free
;;     +8  how often it is lent
;;     +12 of a borrow, the frame of the call that it was made for; 0: it owns
;;
;; Entries are in the room of the store (`store.wat`). What else is known of a table is in globals, so that
;; nothing has to be in memory before there is a handle.
;;
;; Operations are short, and are written in place of calls of them (`decide/inline.rs` of the linker). What
;; happens seldom is a function of the store, for all tables. Behind a call
;; that traps, `unreachable` says so: then engines need not keep for later what they know of memory and locals.
(module $table
  (memory (import "room" "memory") 0)
  (func $extend (import "store" "extend") (param i32 i32 i32) (result i32 i32))
  (func $push (import "store" "push") (param i32) (result i32))
  (func $borrow (import "store" "borrow") (result i32))
  (func $dropped (import "store" "dropped") (param i32))
  (func $unknown (import "store" "unknown"))
  (func $mismatch (import "store" "mismatch") (param i32))
  (func $lent (import "store" "lent"))
  (func $stays (import "store" "stays") (param i32))
  ;; Written when it is known which table it is: where the store is told where the entries begin
  (global $place i32 (i32.const 16))
  ;; where the entries begin; how many there are, slot 0 among them, which is never used; for how many
  ;; there is room; and the slot that was freed last, or 0
  (global $entries (mut i32) (i32.const 0))
  (global $length (mut i32) (i32.const 0))
  (global $room (mut i32) (i32.const 0))
  (global $free (mut i32) (i32.const 0))

  (func $entry (@name "entry of handle") (param $index i32) (result i32)
    (i32.add (global.get $entries) (i32.shl (local.get $index) (i32.const 4))))

  ;; The address of an entry, which has to be of that resource type.
  (func $get (@name "look up handle") (param $type i32) (param $index i32) (result i32)
    (local $entry i32)
    (if (i32.ge_u (local.get $index) (global.get $length)) (then (call $unknown) unreachable))
    (local.set $entry (call $entry (local.get $index)))
    (if (i32.ne (i32.load offset=4 (local.get $entry)) (local.get $type))
      (then (call $mismatch (local.get $entry)) unreachable))
    (local.get $entry))

  ;; A new entry, which is not lent; its index.
  (func $add (@name "add handle") (export "add")
    (param $type i32) (param $rep i32) (param $frame i32) (result i32)
    (local $index i32)
    (local $entry i32)
    (local.set $index (global.get $free))
    (if (local.get $index)
      (then
        (local.set $entry (call $entry (local.get $index)))
        (global.set $free (i32.load (local.get $entry))))
      (else
        (local.set $index (global.get $length))
        (if (i32.eq (local.get $index) (global.get $room))
          (then (local.set $index (call $more (local.get $index)))))
        (local.set $entry (call $entry (local.get $index)))
        (global.set $length (i32.add (local.get $index) (i32.const 1)))))
    (i32.store (local.get $entry) (local.get $rep))
    (i32.store offset=4 (local.get $entry) (local.get $type))
    (i64.store offset=8 (local.get $entry)
      (i64.shl (i64.extend_i32_u (local.get $frame)) (i64.const 32)))
    (local.get $index))

  ;; Makes room for more than so many entries; the index of the next.
  (func $more (@name "extend handle table") (param $length i32) (result i32)
    (call $extend (global.get $place) (global.get $entries) (local.get $length))
    (global.set $room)
    (global.set $entries)
    (select (local.get $length) (i32.const 1) (local.get $length)))

  (func $remove (@name "remove handle") (param $index i32) (param $entry i32)
    (i32.store offset=4 (local.get $entry) (i32.const 0))
    (i32.store (local.get $entry) (global.get $free))
    (global.set $free (local.get $index)))

  ;; `canon resource.new`, and *lower_own*
  (func (@name "new handle") (export "new") (param $type i32) (param $rep i32) (result i32)
    (call $add (local.get $type) (local.get $rep) (i32.const 0)))

  ;; `canon resource.rep`
  (func (@name "handle to rep") (export "rep") (param $type i32) (param $index i32) (result i32)
    (i32.load (call $get (local.get $type) (local.get $index))))

  ;; `canon resource.drop`, up to the destructor: whether the handle owned, and the rep
  (func (@name "drop handle") (export "drop")
    (param $type i32) (param $index i32) (result i32 i32)
    (local $entry i32)
    (local $frame i32)
    (local.set $entry (call $get (local.get $type) (local.get $index)))
    (if (i32.load offset=8 (local.get $entry)) (then (call $lent) unreachable))
    (local.set $frame (i32.load offset=12 (local.get $entry)))
    (if (local.get $frame)
      (then (call $dropped (local.get $frame))))
    (i32.eqz (local.get $frame))
    (i32.load (local.get $entry))
    (call $remove (local.get $index) (local.get $entry)))

  ;; *lift_own*: the rep
  (func (@name "lift own") (export "lift-own") (param $type i32) (param $index i32) (result i32)
    (local $entry i32)
    (local.set $entry (call $get (local.get $type) (local.get $index)))
    ;; one by one, as they are counted: a processor waits where it reads as one what has been written in parts
    (if
      (i32.or
        (i32.load offset=8 (local.get $entry))
        (i32.load offset=12 (local.get $entry)))
      (then (call $stays (local.get $entry)) unreachable))
    (i32.load (local.get $entry))
    (call $remove (local.get $index) (local.get $entry)))

  ;; *lift_borrow*: the rep. The handle is lent until `unlend`.
  (func $lend (@name "lend handle") (export "lend")
    (param $type i32) (param $index i32) (result i32)
    (local $entry i32)
    (local.set $entry (call $get (local.get $type) (local.get $index)))
    (i32.store offset=8 (local.get $entry)
      (i32.add (i32.load offset=8 (local.get $entry)) (i32.const 1)))
    (i32.load (local.get $entry)))

  ;; The end of that
  (func (@name "end lend") (export "unlend") (param $index i32)
    (local $entry i32)
    (local.set $entry (call $entry (local.get $index)))
    (i32.store offset=8 (local.get $entry)
      (i32.sub (i32.load offset=8 (local.get $entry)) (i32.const 1))))

  ;; *lift_borrow*: the rep. The handle is lent until the frame on top is closed.
  (func (@name "lift borrow") (export "lift-borrow")
    (param $type i32) (param $index i32) (result i32)
    (call $lend (local.get $type) (local.get $index))
    (i32.store (call $push (i32.const 4)) (local.get $index)))

  ;; *lower_borrow* in an instance that does not define the resource, for the frame on top
  (func (@name "lower borrow") (export "lower-borrow")
    (param $type i32) (param $rep i32) (result i32)
    (call $add (local.get $type) (local.get $rep) (call $borrow)))

  ;; Of a borrow that was made for a task, which is odd: takes that from it, so that it can be dropped like
  ;; an own. Of any other, 0
  (func (@name "whose borrow") (export "unscope") (param $type i32) (param $index i32) (result i32)
    (local $entry i32)
    (local $scope i32)
    (local.set $entry (call $get (local.get $type) (local.get $index)))
    (local.set $scope (i32.load offset=12 (local.get $entry)))
    (if (i32.eqz (i32.and (local.get $scope) (i32.const 1))) (then (return (i32.const 0))))
    (i32.store offset=12 (local.get $entry) (i32.const 0))
    (local.get $scope)))
