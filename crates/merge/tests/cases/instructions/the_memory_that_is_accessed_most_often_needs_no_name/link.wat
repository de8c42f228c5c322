;;! instance once
(module
  (memory (export "memory") 1)
  (data (i32.const 0) "\01\02")
  (func (export "first") (result i32) (i32.load8_u (i32.const 0)))
  (func (export "unused") (result i32)
    (i32.add (i32.load (i32.const 0)) (i32.add (i32.load (i32.const 4)) (i32.load (i32.const 8))))))
;;! instance twice
(module
  (import "once" "first" (func $first (result i32)))
  (memory $own (export "memory") 1)
  (data (i32.const 0) "\03\04")
  (func (export "sum") (result i32)
    (i32.add (call $first)
      (i32.add (i32.load8_u (i32.const 0)) (i32.load8_u (i32.const 1))))))
;;! instance again = twice
;;! export sum = twice.sum
;;! export same = again.sum
;;! export once = once.memory
;;! export twice = twice.memory
;;! call sum
;;! call same
;;! dump once
;;! dump twice
