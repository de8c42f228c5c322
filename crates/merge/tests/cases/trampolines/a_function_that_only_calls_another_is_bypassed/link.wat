;;! instance lib
(module
  (memory 1)
  (global $top (mut i32) (i32.const 8))
  (func $dlmalloc (param i32) (result i32)
    (global.get $top)
    (global.set $top (i32.add (global.get $top) (local.get 0))))
  (func $dlfree (param i32) (global.set $top (local.get 0)))
  (func $malloc (export "malloc") (param i32) (result i32) (call $dlmalloc (local.get 0)))
  (func $free (export "free") (param i32) (return_call $dlfree (local.get 0)))
  (func $calloc (export "calloc") (param i32) (result i32) (call $malloc (local.get 0))))
;;! instance app
(module
  (import "lib" "calloc" (func $calloc (param i32) (result i32)))
  (import "lib" "free" (func $free (param i32)))
  (import "host" "log" (func $log (param i32)))
  (func $print (param i32) (call $log (local.get 0)))
  (table funcref (elem $print))
  (func (export "run") (param i32)
    (local $at i32)
    (local.set $at (call $calloc (local.get 0)))
    (call_indirect (param i32) (call $calloc (local.get 0)) (i32.const 0))
    (call $free (local.get $at))
    (call $print (call $calloc (local.get 0)))))
;;! export run = app.run
;;! export malloc = lib.malloc
;;! call run 4
;;! call malloc 3
