;; The handle table of a component instance.
;;
;; One table for all resource types, as the specification has it (*Table State*): indices begin at
;; 1, and the slot that was freed last is used first. It lies in a memory that no guest can address,
;; and has a limit, as that of an engine has: what one guest fills is its own.
;;
;;   an entry, 16 bytes, at 16 * index
;;     +0  the rep; of a free slot, the next free one (0: none)
;;     +4  the resource type; 0: the slot is free
;;     +8  how often it is lent
;;     +12 of a borrow, the frame of the call that it was made for; 0: it owns
;;
;; A second memory is a stack. A call into the instance that lowers borrows pushes a *frame*, whose
;; count says how many of its borrows are still held; a call out of the instance that lends pushes
;; the indices that are lent. Calls nest, and so do these.
;;
;;   a frame, 8 bytes           +0 the frame below   +4 the borrows that are held
;;   a lent index, 4 bytes
(module $handles
  ;; 262,143 handles, and a million that are lent at a time
  (memory $table 1 64)
  (memory $stack 1 64)
  ;; the length of the table; slot 0 is never used
  (global $length (mut i32) (i32.const 1))
  (global $free (mut i32) (i32.const 0))
  ;; where the stack ends; 0 is no frame, so it begins above
  (global $top (mut i32) (i32.const 16))
  (global $frame (mut i32) (i32.const 0))

  (func $unknown (@name "canon trap: unknown handle index") unreachable)
  (func $type (@name "canon trap: handle is of another resource type") unreachable)
  (func $lent (@name "canon trap: handle is lent") unreachable)
  (func $borrowed (@name "canon trap: handle is a borrow, not an own") unreachable)
  (func $held (@name "canon trap: borrow handles still remain at the end of the call") unreachable)
  (func $full (@name "canon trap: handle table is full") unreachable)

  ;; The address of an entry, which has to be of that resource type.
  (func $get (@name "look up handle") (param $type i32) (param $index i32) (result i32)
    (local $entry i32)
    (if (i32.ge_u (local.get $index) (global.get $length)) (then (call $unknown)))
    (local.set $entry (i32.shl (local.get $index) (i32.const 4)))
    (if (i32.ne (i32.load $table offset=4 (local.get $entry)) (local.get $type))
      (then (call $mismatch (local.get $entry))))
    (local.get $entry))

  ;; Traps: an entry is free, or of another type.
  (func $mismatch (@name "canon trap") (param $entry i32)
    (if (i32.eqz (i32.load $table offset=4 (local.get $entry))) (then (call $unknown)))
    (call $type))

  ;; A new entry that neither owns nor is lent; its address.
  (func $add (@name "add handle") (param $type i32) (param $rep i32) (result i32)
    (local $entry i32)
    (if (global.get $free)
      (then
        (local.set $entry (i32.shl (global.get $free) (i32.const 4)))
        (global.set $free (i32.load $table (local.get $entry))))
      (else
        ;; 2^18 - 1 is the last index: its entry ends where the memory ends
        (if (i32.gt_u (global.get $length) (i32.const 0x3ffff)) (then (call $full)))
        (local.set $entry (i32.shl (global.get $length) (i32.const 4)))
        (if
          (i32.ge_u
            (i32.shr_u (local.get $entry) (i32.const 16))
            (memory.size $table))
          (then
            (if (i32.eq (memory.grow $table (i32.const 1)) (i32.const -1))
              (then (call $full)))))
        (global.set $length (i32.add (global.get $length) (i32.const 1)))))
    (i32.store $table (local.get $entry) (local.get $rep))
    (i32.store $table offset=4 (local.get $entry) (local.get $type))
    ;; neither lent nor a borrow
    (i64.store $table offset=8 (local.get $entry) (i64.const 0))
    (local.get $entry))

  (func $remove (@name "remove handle") (param $entry i32)
    (i32.store $table offset=4 (local.get $entry) (i32.const 0))
    (i32.store $table (local.get $entry) (global.get $free))
    (global.set $free (i32.shr_u (local.get $entry) (i32.const 4))))

  ;; `canon resource.new`, and *lower_own*
  (func (@name "new handle") (export "new") (param $type i32) (param $rep i32) (result i32)
    (i32.shr_u (call $add (local.get $type) (local.get $rep)) (i32.const 4)))

  ;; `canon resource.rep`
  (func (@name "handle to rep") (export "rep") (param $type i32) (param $index i32) (result i32)
    (i32.load $table (call $get (local.get $type) (local.get $index))))

  ;; `canon resource.drop`, up to the destructor: whether the handle owned, and the rep
  (func (@name "drop handle") (export "drop")
    (param $type i32) (param $index i32) (result i32 i32)
    (local $entry i32)
    (local $frame i32)
    (local.set $entry (call $get (local.get $type) (local.get $index)))
    (if (i32.load $table offset=8 (local.get $entry)) (then (call $lent)))
    (local.set $frame (i32.load $table offset=12 (local.get $entry)))
    (if (local.get $frame)
      (then
        (i32.store $stack offset=4 (local.get $frame)
          (i32.sub (i32.load $stack offset=4 (local.get $frame)) (i32.const 1)))))
    (i32.eqz (local.get $frame))
    (i32.load $table (local.get $entry))
    (call $remove (local.get $entry)))

  ;; Traps: an entry is lent, or a borrow.
  (func $stays (@name "canon trap") (param $entry i32)
    (if (i32.load $table offset=8 (local.get $entry)) (then (call $lent)))
    (call $borrowed))

  ;; *lift_own*: the rep
  (func (@name "lift own") (export "lift-own") (param $type i32) (param $index i32) (result i32)
    (local $entry i32)
    (local.set $entry (call $get (local.get $type) (local.get $index)))
    (if (i64.ne (i64.load $table offset=8 (local.get $entry)) (i64.const 0))
      (then (call $stays (local.get $entry))))
    (i32.load $table (local.get $entry))
    (call $remove (local.get $entry)))

  ;; *lift_borrow*: the rep. The handle is lent until `unlend`.
  (func (@name "lift borrow") (export "lift-borrow")
    (param $type i32) (param $index i32) (result i32)
    (local $entry i32)
    (local.set $entry (call $get (local.get $type) (local.get $index)))
    (i32.store $table offset=8 (local.get $entry)
      (i32.add (i32.load $table offset=8 (local.get $entry)) (i32.const 1)))
    (i32.store $stack (call $push (i32.const 4)) (local.get $entry))
    (i32.load $table (local.get $entry)))

  ;; *lower_borrow* in an instance that does not define the resource, for the frame on top
  (func (@name "lower borrow") (export "lower-borrow")
    (param $type i32) (param $rep i32) (result i32)
    (local $entry i32)
    (local.set $entry (call $add (local.get $type) (local.get $rep)))
    (i32.store $table offset=12 (local.get $entry) (global.get $frame))
    (i32.store $stack offset=4 (global.get $frame)
      (i32.add (i32.load $stack offset=4 (global.get $frame)) (i32.const 1)))
    (i32.shr_u (local.get $entry) (i32.const 4)))

  ;; Makes room on the stack; the address of what is new.
  (func $push (@name "push") (param $size i32) (result i32)
    (local $at i32)
    (local.set $at (global.get $top))
    (global.set $top (i32.add (local.get $at) (local.get $size)))
    (if
      (i32.ge_u
        (i32.shr_u (i32.sub (global.get $top) (i32.const 1)) (i32.const 16))
        (memory.size $stack))
      (then
        (if (i32.eq (memory.grow $stack (i32.const 1)) (i32.const -1)) (then (call $full)))))
    (local.get $at))

  ;; Before borrows are lowered for a call into the instance
  (func (@name "enter call") (export "enter")
    (local $frame i32)
    (local.set $frame (call $push (i32.const 8)))
    (i32.store $stack (local.get $frame) (global.get $frame))
    (i32.store $stack offset=4 (local.get $frame) (i32.const 0))
    (global.set $frame (local.get $frame)))

  ;; When that call has returned: none of its borrows may be held any more
  (func (@name "exit call") (export "exit")
    (if (i32.load $stack offset=4 (global.get $frame)) (then (call $held)))
    (global.set $top (global.get $frame))
    (global.set $frame (i32.load $stack (global.get $frame))))

  ;; Before handles are lent for a call out of the instance; to be given to `unlend`
  (func (@name "mark lends") (export "mark") (result i32)
    (global.get $top))

  ;; When that call is over
  (func (@name "end lends") (export "unlend") (param $mark i32)
    (local $entry i32)
    (block $done
      (loop $next
        (br_if $done (i32.eq (global.get $top) (local.get $mark)))
        (global.set $top (i32.sub (global.get $top) (i32.const 4)))
        (local.set $entry (i32.load $stack (global.get $top)))
        (i32.store $table offset=8 (local.get $entry)
          (i32.sub (i32.load $table offset=8 (local.get $entry)) (i32.const 1)))
        (br $next)))))
