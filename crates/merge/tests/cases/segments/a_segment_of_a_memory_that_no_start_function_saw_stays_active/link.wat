;;! instance a
(module
  (import "host" "log" (func $log (param i32)))
  (memory (export "memory") 1)
  (func $start (call $log (i32.load8_u (i32.const 0))))
  (start $start))
;; This memory, and this table, come after the start function: it cannot see what is in them.
;;! instance b
(module
  (import "host" "log" (func $log (param i32)))
  (import "a" "memory" (memory $of-a 1))
  (memory $own (export "memory") 1)
  (table $table 1 funcref)
  (data (memory $own) (i32.const 0) "\05\06")
  (data (memory $of-a) (i32.const 0) "\07")
  (elem (table $table) (i32.const 0) func $one)
  (func $one (result i32) (i32.const 1))
  (func (export "run")
    (call $log (call_indirect $table (result i32) (i32.const 0)))
    (call $log (i32.load8_u $own (i32.const 1)))
    (call $log (i32.load8_u $of-a (i32.const 0)))))
;; The place of its first segment is not known, so it becomes passive, and the next has to follow.
;;! instance c
(module
  (import "host" "place" (global $place i32))
  (memory (export "memory") 1)
  (data (i32.const 1000) "first")
  (data (global.get $place) "second")
  (data (i32.const 1002) "third"))
;;! export run = b.run
;;! export b = b.memory
;;! export c = c.memory
;;! call run
;;! dump b
;;! dump c
