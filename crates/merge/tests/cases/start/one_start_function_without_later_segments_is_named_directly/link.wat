;;! instance a
(module (memory (export "memory") 1) (data (i32.const 0) "x"))
;;! instance b
(module
  (import "a" "memory" (memory 1))
  (data (i32.const 1) "y")
  (func $start (i32.store8 (i32.const 2) (i32.load8_u (i32.const 1))))
  (start $start))
;;! export memory = a.memory
;;! dump memory
