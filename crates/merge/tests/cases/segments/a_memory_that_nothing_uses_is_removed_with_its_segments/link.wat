;;! instance a
(module
  (memory 1) (data (i32.const 65534) "ab")
  (table 2 funcref) (elem (i32.const 1) func $f)
  (global $g i32 (i32.const 5)) (tag)
  (func $f))
;;! instance b
(module (func (export "run") (result i32) (i32.const 3)))
;;! export run = b.run
;;! call run
