;; Whoever reads strings allocates when they are written, while another instance runs. Its `realloc` finds clear
;; slots of context, must not leave the instance, and what was in the slots is there again afterwards.
(component definition $C
  (component $reader
    (type $s (stream string))
    (core module $libc (memory (export "memory") 1))
    (core instance $libc (instantiate $libc))
    (core func $get (canon context.get i32 0))
    (core func $set (canon context.set i32 0))
    (core func $new (canon waitable-set.new))
    (core module $alloc
      (import "" "memory" (memory 1))
      (import "" "get" (func $get (result i32)))
      (import "" "set" (func $set (param i32)))
      (import "" "new" (func $new (result i32)))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32)
        (if (i32.load (i32.const 512)) (then (drop (call $new))))
        (i32.store (i32.const 516) (i32.add (call $get) (i32.const 1)))
        (call $set (i32.const 9))
        (i32.const 1024)))
    (core instance $alloc (instantiate $alloc (with "" (instance
      (export "memory" (memory $libc "memory"))
      (export "get" (func $get)) (export "set" (func $set)) (export "new" (func $new))))))
    (core func $read (canon stream.read $s async
      (memory (core memory $libc "memory")) (realloc (core func $alloc "realloc"))))
    (core module $m
      (import "" "memory" (memory 1))
      (import "" "read" (func $read (param i32 i32 i32) (result i32)))
      (func (export "take") (param $end i32) (param $leaves i32) (result i32)
        (i32.store (i32.const 512) (local.get $leaves))
        (call $read (local.get $end) (i32.const 0) (i32.const 8)))
      (func (export "found") (result i32) (i32.load (i32.const 516))))
    (core instance $i (instantiate $m (with "" (instance
      (export "memory" (memory $libc "memory")) (export "read" (func $read))))))
    (func (export "take") (param "end" $s) (param "leaves" bool) (result u32)
      (canon lift (core func $i "take")))
    (func (export "found") (result u32) (canon lift (core func $i "found"))))
  (component $writer
    (import "take" (func $take (param "end" (stream string)) (param "leaves" bool) (result u32)))
    (import "found" (func $found (result u32)))
    (core module $libc
      (memory (export "memory") 1)
      (data (i32.const 0) "\10\00\00\00\02\00\00\00")
      (data (i32.const 16) "ab"))
    (core instance $libc (instantiate $libc))
    (type $s (stream string))
    (core func $take (canon lower (func $take)))
    (core func $found (canon lower (func $found)))
    (core func $new (canon stream.new $s))
    (core func $write (canon stream.write $s async (memory (core memory $libc "memory"))))
    (core func $get (canon context.get i32 0))
    (core func $set (canon context.set i32 0))
    (core module $m
      (import "" "take" (func $take (param i32 i32) (result i32)))
      (import "" "found" (func $found (result i32)))
      (import "" "new" (func $new (result i64)))
      (import "" "write" (func $write (param i32 i32 i32) (result i32)))
      (import "" "get" (func $get (result i32)))
      (import "" "set" (func $set (param i32)))
      ;; what `realloc` has found in its slot, and what is in that of this task
      (func (export "run") (param $leaves i32) (result i32)
        (local $ends i64)
        (local.set $ends (call $new))
        (call $set (i32.const 5))
        (drop (call $take (i32.wrap_i64 (local.get $ends)) (local.get $leaves)))
        (drop (call $write (i32.wrap_i64 (i64.shr_u (local.get $ends) (i64.const 32)))
          (i32.const 0) (i32.const 1)))
        (i32.add (i32.mul (i32.const 10) (call $found)) (call $get))))
    (core instance $i (instantiate $m (with "" (instance
      (export "take" (func $take)) (export "found" (func $found)) (export "new" (func $new))
      (export "write" (func $write)) (export "get" (func $get)) (export "set" (func $set))))))
    (func (export "run") async (param "leaves" bool) (result u32) (canon lift (core func $i "run"))))
  (instance $r (instantiate $reader))
  (instance $w (instantiate $writer (with "take" (func $r "take")) (with "found" (func $r "found"))))
  (export "run" (func $w "run")))

(component instance $i $C)
(assert_return (invoke "run" (bool.const false)) (u32.const 15)) ;; as specified
(component instance $i $C)
(assert_trap (invoke "run" (bool.const true)) "")
