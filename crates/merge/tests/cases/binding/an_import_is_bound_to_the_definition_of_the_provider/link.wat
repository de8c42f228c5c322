;;! instance a
(module
  (import "host" "log" (func $log (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 8) "a")
  (func $unused (export "unused"))
  (func $f (export "f") (param i32) (result i32)
    (call $log (local.get 0))
    (i32.add (local.get 0) (i32.load8_u (i32.const 8)))))
;;! instance b
(module
  (import "a" "f" (func $f (param i32) (result i32)))
  (import "a" "memory" (memory 1))
  (memory $own 1)
  (data (memory $own) (i32.const 0) "\05")
  (func $run (export "run") (param i32) (result i32)
    (i32.store8 (i32.const 8) (i32.load8_u $own (i32.const 0)))
    (call $f (local.get 0))))
;;! export run = b.run
;;! call run 10
;;! call run 11
