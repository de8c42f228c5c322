;;! instance a
(module
  (memory 1) (global $g (mut i32) (i32.const 0)) (table 2 funcref)
  (elem (i32.const 0) func $inc)
  (func $inc (global.set $g (i32.add (global.get $g) (i32.const 1)))
    (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 10))))
  (func $run (export "run") (result i32)
    (call_indirect (i32.const 0))
    (i32.add (global.get $g) (i32.load (i32.const 0)))))
;;! instance b = a
;;! export a = a.run
;;! export b = b.run
;;! call a
;;! call a
;;! call b
