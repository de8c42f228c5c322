;; What tasks borrow, and what their callers have lent for them (*borrow_scope* in the specification).
;;
;; Calls that nest have frames on a stack (store.wat). Tasks do not nest: one that borrows may be over
;; long after its caller has gone on. So what is counted for a task is in its record, and the handles that
;; its caller has lent are in cells, which are a list.
;;
;;   a task                       +80 the borrows that it holds   +84 the first cell of what it was lent
;;   a cell of what was lent (5)  +4 the next   +8 how many are in it   +12 the table   +16.. the indices
;;
;; To the store, a borrow of a task is an own, which has the task in place of a frame: the address of its
;; record plus 1, for frames are even.
(module $scopes
  (memory $store (import "store" "memory") 1)
  (memory $records (import "records" "memory") 1)
  (func $add (import "store" "new") (param i32 i32 i32) (result i32))
  (func $rep (import "store" "rep") (param i32 i32 i32) (result i32))
  (func $remove (import "store" "drop") (param i32 i32 i32) (result i32 i32))
  (func $lend (import "store" "lend") (param i32 i32 i32) (result i32))
  (func $unlend (import "store" "unlend") (param i32 i32))
  (func $new (import "records" "new") (param i32) (result i32))
  (func $free (import "records" "free") (param i32))
  (global $current (import "state" "current") (mut i32))

  ;; *lift_borrow*, for the task that begins: the rep
  (func (@name "lend handle to task") (export "lend")
    (param $table i32) (param $type i32) (param $index i32) (result i32)
    (local $cell i32)
    (local $count i32)
    (call $lend (local.get $table) (local.get $type) (local.get $index))
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

  ;; *lower_borrow* in an instance that does not define the resource, for the task that begins
  (func (@name "lower borrow for task") (export "borrow")
    (param $table i32) (param $type i32) (param $rep i32) (result i32)
    (local $index i32)
    (local.set $index (call $add (local.get $table) (local.get $type) (local.get $rep)))
    (i32.store $store offset=12
      (call $entry (local.get $table) (local.get $index))
      (i32.add (global.get $current) (i32.const 1)))
    (call $hold (global.get $current) (i32.const 1))
    (local.get $index))

  (func $entry (@name "entry of handle") (param $table i32) (param $index i32) (result i32)
    (i32.add (i32.load $store (local.get $table)) (i32.shl (local.get $index) (i32.const 4))))

  (func $hold (@name "count borrows of task") (param $task i32) (param $more i32)
    (i32.store $records offset=80 (local.get $task)
      (i32.add (i32.load $records offset=80 (local.get $task)) (local.get $more))))

  ;; `canon resource.drop`, up to the destructor: whether the handle owned, and the rep
  (func (@name "drop handle") (export "drop")
    (param $table i32) (param $type i32) (param $index i32) (result i32 i32)
    (local $entry i32)
    (local $scope i32)
    (local $rep i32)
    (local.set $rep (call $rep (local.get $table) (local.get $type) (local.get $index)))
    (local.set $entry (call $entry (local.get $table) (local.get $index)))
    (local.set $scope (i32.load $store offset=12 (local.get $entry)))
    (if (i32.eqz (i32.and (local.get $scope) (i32.const 1)))
      (then
        (return (call $remove (local.get $table) (local.get $type) (local.get $index)))))
    (i32.store $store offset=12 (local.get $entry) (i32.const 0))
    (call $remove (local.get $table) (local.get $type) (local.get $index))
    drop
    drop
    (call $hold (i32.sub (local.get $scope) (i32.const 1)) (i32.const -1))
    (i32.const 0)
    (local.get $rep)))
