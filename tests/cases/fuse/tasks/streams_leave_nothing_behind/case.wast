;; Streams that are made, passed, read, written and dropped, one after another, more of them than there is room
;; for: whatever they take is free again.
(component
  (component $reader
    (core module $libc (memory (export "memory") 1))
    (core instance $libc (instantiate $libc))
    (type $s (stream u8))
    (core func $read (canon stream.read $s async (memory (core memory $libc "memory"))))
    (core func $drop (canon stream.drop-readable $s))
    (core module $m
      (import "" "read" (func $read (param i32 i32 i32) (result i32)))
      (import "" "drop" (func $drop (param i32)))
      (func (export "take") (param $end i32) (result i32)
        (local $result i32)
        (local.set $result (call $read (local.get $end) (i32.const 0) (i32.const 8)))
        (call $drop (local.get $end))
        (local.get $result)))
    (core instance $i (instantiate $m (with "" (instance
      (export "read" (func $read)) (export "drop" (func $drop))))))
    (func (export "take") (param "end" $s) (result u32) (canon lift (core func $i "take"))))
  (component $writer
    (import "take" (func $take (param "end" (stream u8)) (result u32)))
    (core module $libc (memory (export "memory") 1))
    (core instance $libc (instantiate $libc))
    (type $s (stream u8))
    (core func $take (canon lower (func $take)))
    (core func $new (canon stream.new $s))
    (core func $write (canon stream.write $s async (memory (core memory $libc "memory"))))
    (core func $cancel (canon stream.cancel-write $s))
    (core func $drop (canon stream.drop-writable $s))
    (core module $m
      (import "" "take" (func $take (param i32) (result i32)))
      (import "" "new" (func $new (result i64)))
      (import "" "write" (func $write (param i32 i32 i32) (result i32)))
      (import "" "cancel" (func $cancel (param i32) (result i32)))
      (import "" "drop" (func $drop (param i32)))
      (func (export "run") (param $n i32) (result i32)
        (local $ends i64)
        (local $w i32)
        (local $sum i32)
        (loop $next
          (local.set $ends (call $new))
          (local.set $w (i32.wrap_i64 (i64.shr_u (local.get $ends) (i64.const 32))))
          (drop (call $write (local.get $w) (i32.const 0) (i32.const 3)))
          (local.set $sum (i32.add (local.get $sum) (call $take (i32.wrap_i64 (local.get $ends)))))
          ;; the other end is dropped: 3 and DROPPED
          (local.set $sum (i32.add (local.get $sum) (call $cancel (local.get $w))))
          (call $drop (local.get $w))
          (local.set $n (i32.sub (local.get $n) (i32.const 1)))
          (br_if $next (local.get $n)))
        (i32.add (local.get $sum) (local.get $w))))
    (core instance $i (instantiate $m (with "" (instance
      (export "take" (func $take)) (export "new" (func $new)) (export "write" (func $write))
      (export "cancel" (func $cancel)) (export "drop" (func $drop))))))
    (func (export "run") async (param "n" u32) (result u32) (canon lift (core func $i "run"))))
  (instance $r (instantiate $reader))
  (instance $w (instantiate $writer (with "take" (func $r "take"))))
  (export "run" (func $w "run")))

;; 0x30 + 0x31 each, and the handle of the last is 2
(assert_return (invoke "run" (u32.const 1)) (u32.const 99))
(assert_return (invoke "run" (u32.const 300000)) (u32.const 29100002))
