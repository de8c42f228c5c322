;;! instance a
(module
  (global (export "base") i32 (i32.const 16))
  (global (export "big") i64 (i64.const 0x100000000)))
;;! instance b
(module
  (import "a" "base" (global $base i32))
  (import "a" "big" (global $big i64))
  (import "host" "offset" (global $offset i32))
  (memory (export "memory") 1)
  (global $sum i32 (i32.add (global.get $base) (i32.mul (i32.const 3) (i32.const 4))))
  (global $mut (mut i64) (i64.sub (global.get $big) (i64.const 1)))
  (data (i32.add (global.get $base) (i32.const 1)) "x")
  (data (global.get $offset) "y")
  (data (i32.add (global.get $offset) (global.get $base)) "z")
  (func (export "get") (result i32 i64) (global.get $sum) (global.get $mut)))
;;! export get = b.get
;;! export memory = b.memory
;;! call get
;;! dump memory
