;; What the runtime keeps of tasks: records in a memory that no guest can address.
;;
;; All records are cells of 128 bytes, so that one list of free cells serves all. Address 0 is no
;; record. In front of the cells that are made and freed, each component instance that has tasks has
;; one of its own, which stays.
;;
;;   what every record has                      a waitable: a task, seen by who called it, or an end
;;     +0  kind (below)                           +4  its handle in the caller's table; 0: none
;;                                                +8  the set that it is in
;;   an instance (0)                              +12 +16 the next and the last in the list of those
;;     +32 its backpressure                               of the set that have an event
;;     +36 tasks that wait to enter               +20 (byte) whether it has an event
;;     +40 the task that has it to itself         +21 (byte) whether somebody waits on its stack
;;     +44 +48 a queue: tasks that wait to enter
;;     +52 +56 a queue: tasks that wait until   a task (1), besides
;;             nobody has it to itself            +22 (byte) whether the caller knows the end
;;                                                +23 (byte) whether the caller has cancelled it
;;   a set of waitables (2)                       +24 (byte) whether it is over
;;     +32 +36 the first and the last that        +25 (byte) whether it is in a queue
;;             have an event                      +26 (byte) whether it needs its instance to itself
;;     +40 how many are in it                     +27 (byte) whether the caller has let go of it
;;     +44 how many wait for it                   +28 state     +32 state as the caller sees it
;;     +48 the first task that waits for it       +36 instance  +76 signature of its result
;;                                                +40 +44 +48 functions: resume, start, return
;;   a task of the engine (3)                     +52 the floor that it stands on
;;     +32 a set, in the engine's table           +56 what it waits for: 1 to enter, 2 its turn, or
;;     +36 its root task                                  the address of a set
;;     +40 +44 a queue: its tasks                 +60 the next in the queue
;;     +48 +52 the ends of a stream, there        +64 the next that waits for the same set
;;     +56 whether it has been woken              +68 the task of the engine that it belongs to
;;     +60 whether it sleeps   +64 the next       +72 a cell with its arguments
;;     +68 of how many ends it is to be told (hosts.wat)
;;                                                +80 +84 what it borrows (scopes.wat)
;;                                                +88 (i64) where the caller wants the result
;;                                                +96 (i64) the result, if it is one core value
;;                                                +104 +112 (i64) its slots of context
;;
;;   an end of a stream or future (4), a waitable; what its words mean is told in ends.wat
;;     +32 the outcome of its copy                +40 the other end; 0: it has been dropped
;;     +36 the instance that reads or writes      +44 its state
;;     +48 the function that copies, or a part of its place
;;     +52 how many values its buffer has         +56 how many of them are copied
;;     +60 whether it waits   +64 (i64) its buffer   +76 its type
;;     +80 and on: of one that the host has, what is told in hosts.wat
(module $records
  ;; where cells have not been used yet
  (global $top (import "state" "records") (mut i32))
  ;; half a million tasks
  (memory $records (export "memory") 1 1024)
  (global $free (mut i32) (i32.const 0))

  (func $full (@name "canon trap: too many tasks") unreachable)

  (func $grow (@name "more records")
    (if (i32.eq (memory.grow $records (i32.const 1)) (i32.const -1)) (then (call $full))))

  ;; A cell of that kind, otherwise zero up to +96: what comes after is written before it is read. So few
  ;; words are cleared faster one by one than by an instruction that engines have a function for.
  (func (@name "new record") (export "new") (param $kind i32) (result i32)
    (local $cell i32)
    (local.set $cell (global.get $free))
    (if (local.get $cell)
      (then
        (global.set $free (i32.load $records offset=4 (local.get $cell)))
        (i64.store $records offset=8 (local.get $cell) (i64.const 0))
        (i64.store $records offset=16 (local.get $cell) (i64.const 0))
        (i64.store $records offset=24 (local.get $cell) (i64.const 0))
        (i64.store $records offset=32 (local.get $cell) (i64.const 0))
        (i64.store $records offset=40 (local.get $cell) (i64.const 0))
        (i64.store $records offset=48 (local.get $cell) (i64.const 0))
        (i64.store $records offset=56 (local.get $cell) (i64.const 0))
        (i64.store $records offset=64 (local.get $cell) (i64.const 0))
        (i64.store $records offset=72 (local.get $cell) (i64.const 0))
        (i64.store $records offset=80 (local.get $cell) (i64.const 0))
        (i64.store $records offset=88 (local.get $cell) (i64.const 0)))
      (else
        (local.set $cell (global.get $top))
        (if
          (i32.ge_u
            (i32.shr_u (local.get $cell) (i32.const 16))
            (memory.size $records))
          (then (call $grow)))
        (global.set $top (i32.add (local.get $cell) (i32.const 128)))))
    (i64.store $records (local.get $cell) (i64.extend_i32_u (local.get $kind)))
    (local.get $cell))

  (func (@name "free record") (export "free") (param $cell i32)
    (i32.store $records offset=4 (local.get $cell) (global.get $free))
    (global.set $free (local.get $cell))))
