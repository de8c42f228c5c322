;; What tasks borrow, and what their callers have lent for them (*borrow_scope* in the specification).
;;
;; Calls that nest have frames on a stack (store.wat). Tasks do not nest: one that borrows may be over
;; long after its caller has gone on. So what is counted for a task is in its record, and the handles that
;; its caller has lent are in cells, which are a list.
;;
;;   a task                       +80 the borrows that it holds   +84 the first cell of what it was lent
;;   a cell of what was lent (5)  +4 the next   +8 how many are in it   +12 the table   +16.. the indices
;;
;; To a table, a borrow of a task is an own, which has the task in place of a frame: the address of its
;; record plus 1, for frames are even.
(module $scopes
  (memory $records (import "records" "memory") 1)
  (func $unlend (import "store" "unlend") (param i32 i32))
  (func $new (import "records" "new") (param i32) (result i32))
  (func $free (import "records" "free") (param i32))
  (global $current (import "state" "current") (mut i32))

  ;; *lift_borrow*, for the task that begins: a handle is lent
  (func (@name "lend handle to task") (export "lend") (param $table i32) (param $index i32)
    (local $cell i32)
    (local $count i32)
    (local.set $cell (i32.load $records offset=84 (global.get $current)))
    (if (i32.or
          (i32.eqz (local.get $cell))
          (i32.eq (i32.load $records offset=8 (local.get $cell)) (i32.const 28)))
      (then (local.set $cell (call $chain (local.get $cell) (local.get $table)))))
    (local.set $count (i32.load $records offset=8 (local.get $cell)))
    (i32.store $records offset=16
      (i32.add (local.get $cell) (i32.shl (local.get $count) (i32.const 2))) (local.get $index))
    (i32.store $records offset=8 (local.get $cell) (i32.add (local.get $count) (i32.const 1))))

  ;; One more cell of what the task that begins is lent
  (func $chain (@name "new cell of lends") (param $next i32) (param $table i32) (result i32)
    (local $cell i32)
    (local.set $cell (call $new (i32.const 5)))
    (i32.store $records offset=4 (local.get $cell) (local.get $next))
    (i32.store $records offset=12 (local.get $cell) (local.get $table))
    (i32.store $records offset=84 (global.get $current) (local.get $cell))
    (local.get $cell))

  ;; Nothing is lent to a task any more: its caller knows the end.
  (func (@name "end lends of task") (export "end") (param $task i32)
    (if (i32.load $records offset=84 (local.get $task)) (then (call $give_back (local.get $task)))))

  (func $give_back (@name "give back what is lent") (param $task i32)
    (local $cell i32)
    (local $count i32)
    (block $done
      (loop $next-cell
        (local.set $cell (i32.load $records offset=84 (local.get $task)))
        (br_if $done (i32.eqz (local.get $cell)))
        (i32.store $records offset=84 (local.get $task) (i32.load $records offset=4 (local.get $cell)))
        (local.set $count (i32.load $records offset=8 (local.get $cell)))
        (loop $next
          (local.set $count (i32.sub (local.get $count) (i32.const 1)))
          (call $unlend
            (i32.load $records offset=12 (local.get $cell))
            (i32.load $records offset=16
              (i32.add (local.get $cell) (i32.shl (local.get $count) (i32.const 2)))))
          (br_if $next (local.get $count)))
        (call $free (local.get $cell))
        (br $next-cell))))

  (func $hold (@name "count borrows of task") (param $task i32) (param $more i32)
    (i32.store $records offset=80 (local.get $task)
      (i32.add (i32.load $records offset=80 (local.get $task)) (local.get $more))))

  ;; *lower_borrow* in an instance that does not define the resource, for the task that begins: what its
  ;; entry has in place of a frame
  (func (@name "borrow for task") (export "borrow") (result i32)
    (call $hold (global.get $current) (i32.const 1))
    (i32.add (global.get $current) (i32.const 1)))

  ;; `canon resource.drop`, up to the destructor: what a table says, and the task that it was borrowed
  ;; for. Whether the handle owned, and the rep
  (func (@name "drop handle") (export "drop")
    (param $owned i32) (param $rep i32) (param $scope i32) (result i32 i32)
    (if (local.get $scope)
      (then (call $hold (i32.sub (local.get $scope) (i32.const 1)) (i32.const -1))))
    (i32.and (local.get $owned) (i32.eqz (local.get $scope)))
    (local.get $rep)))
