;;! instance libc
(module
  (memory (export "memory") 1)
  (global (export "base") i32 (i32.const 16))
  (global $count (export "count") (mut i32) (i32.const 0))
  (table (export "table") 2 funcref)
  (func (export "alloc") (result i32)
    (global.set $count (i32.add (global.get $count) (i32.const 1)))
    (i32.const 512)))
;;! opaque libc
;;! instance user
(module
  (import "libc" "memory" (memory 1))
  (import "libc" "base" (global $base i32))
  (import "libc" "count" (global $count (mut i32)))
  (import "libc" "alloc" (func $alloc (result i32)))
  (import "libc" "table" (table 2 funcref))
  (data (global.get $base) "user")
  (elem (i32.const 1) $alloc)
  (func (export "run") (result i32 i32)
    (i32.store8 (call_indirect (result i32) (i32.const 1)) (i32.const 7))
    (i32.load8_u (global.get $base))
    (global.get $count)))
;;! instance own
(module
  (import "libc" "memory" (memory $libc 1))
  (memory $own (export "memory") 1)
  (data (memory $libc) (i32.const 18) "OWN")
  (func (export "copy") (memory.copy $own $libc (i32.const 3) (i32.const 16) (i32.const 5)))
  (func (export "back") (memory.copy $libc $own (i32.const 40) (i32.const 3) (i32.const 5)))
  (func (export "get") (param i32) (result i32)
    (i32.add (i32.load8_u $own (local.get 0)) (i32.load8_u $libc (local.get 0)))))
;;! export run = user.run
;;! export copy = own.copy
;;! export back = own.back
;;! export get = own.get
;;! export memory = libc.memory
;;! export own = own.memory
;;! call run
;;! call copy
;;! call back
;;! call get 4
;;! call get 18
;;! dump memory
;;! dump own
