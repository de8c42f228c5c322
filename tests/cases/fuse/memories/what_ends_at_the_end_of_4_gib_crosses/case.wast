;; What ends at the last byte of a memory of 4 GiB crosses, though its end is no address any more; one
;; unit more is out of bounds.

(component definition $C
  (component $callee
    (core module $m
      (memory (export "memory") 1)
      (global $next (mut i32) (i32.const 1024))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32)
        (local $new i32)
        (local.set $new (i32.and (i32.add (global.get $next) (i32.const 15)) (i32.const -16)))
        (global.set $next (i32.add (local.get $new) (local.get 3)))
        (memory.copy (local.get $new) (local.get 0) (local.get 1))
        (local.get $new))
      (func (export "f") (param i32 i32) (result i32)
        (i32.add (i32.mul (i32.load8_u (local.get 0)) (i32.const 1000)) (local.get 1))))
    (core instance $m (instantiate $m))
    (func (export "utf8") (param "x" string) (result u32)
      (canon lift (core func $m "f")
        (memory (core memory $m "memory")) (realloc (core func $m "realloc"))))
    (func (export "utf16") (param "x" string) (result u32)
      (canon lift (core func $m "f") string-encoding=utf16
        (memory (core memory $m "memory")) (realloc (core func $m "realloc"))))
    (func (export "longs") (param "x" (list u64)) (result u32)
      (canon lift (core func $m "f")
        (memory (core memory $m "memory")) (realloc (core func $m "realloc"))))
    (func (export "pairs") (param "x" (list (tuple u8 u16))) (result u32)
      (canon lift (core func $m "f")
        (memory (core memory $m "memory")) (realloc (core func $m "realloc")))))
  (component $caller
    (import "utf8" (func $utf8 (param "x" string) (result u32)))
    (import "utf16" (func $utf16 (param "x" string) (result u32)))
    (import "longs" (func $longs (param "x" (list u64)) (result u32)))
    (import "pairs" (func $pairs (param "x" (list (tuple u8 u16))) (result u32)))
    (core module $libc (memory (export "memory") 65536))
    (core instance $libc (instantiate $libc))
    (core func $utf8 (canon lower (func $utf8) (memory (core memory $libc "memory"))))
    (core func $utf16 (canon lower (func $utf16) (memory (core memory $libc "memory"))))
    (core func $utf16-utf8
      (canon lower (func $utf8) string-encoding=utf16 (memory (core memory $libc "memory"))))
    (core func $longs (canon lower (func $longs) (memory (core memory $libc "memory"))))
    (core func $pairs (canon lower (func $pairs) (memory (core memory $libc "memory"))))
    (core module $m
      (type $take (func (param i32 i32) (result i32)))
      (import "" "memory" (memory 1))
      (import "" "utf8" (func $utf8 (type $take)))
      (import "" "utf16" (func $utf16 (type $take)))
      (import "" "utf16-utf8" (func $utf16-utf8 (type $take)))
      (import "" "longs" (func $longs (type $take)))
      (import "" "pairs" (func $pairs (type $take)))
      (table funcref (elem $utf8 $utf16 $utf16-utf8 $longs $pairs))
      ;; Passes the last bytes of the memory: so many units from the `back`th last on.
      (func (export "pass") (param $which i32) (param $back i32) (param $units i32) (result i32)
        (memory.fill (i32.const -128) (i32.const 0x41) (i32.const 128))
        (call_indirect (type $take)
          (i32.sub (i32.const 0) (local.get $back)) (local.get $units) (local.get $which))))
    (core instance $m (instantiate $m (with "" (instance
      (export "memory" (memory $libc "memory"))
      (export "utf8" (func $utf8))
      (export "utf16" (func $utf16))
      (export "utf16-utf8" (func $utf16-utf8))
      (export "longs" (func $longs))
      (export "pairs" (func $pairs))))))
    (func (export "pass") (param "which" u32) (param "back" u32) (param "units" u32) (result u32)
      (canon lift (core func $m "pass"))))
  (instance $callee (instantiate $callee))
  (instance $caller (instantiate $caller
    (with "utf8" (func $callee "utf8"))
    (with "utf16" (func $callee "utf16"))
    (with "longs" (func $callee "longs"))
    (with "pairs" (func $callee "pairs"))))
  (export "pass" (func $caller "pass")))

(component instance $i $C)
(assert_return (invoke "pass" (u32.const 0) (u32.const 16) (u32.const 16)) (u32.const 65016))
(assert_return (invoke "pass" (u32.const 0) (u32.const 128) (u32.const 128)) (u32.const 65128))
(assert_return (invoke "pass" (u32.const 1) (u32.const 16) (u32.const 16)) (u32.const 65016))
(assert_return (invoke "pass" (u32.const 1) (u32.const 128) (u32.const 128)) (u32.const 65128))
(assert_return (invoke "pass" (u32.const 2) (u32.const 16) (u32.const 8)) (u32.const 228024))
(assert_return (invoke "pass" (u32.const 2) (u32.const 128) (u32.const 64)) (u32.const 228192))
(assert_return (invoke "pass" (u32.const 3) (u32.const 16) (u32.const 2)) (u32.const 65002))
(assert_return (invoke "pass" (u32.const 3) (u32.const 128) (u32.const 16)) (u32.const 65016))
(assert_return (invoke "pass" (u32.const 4) (u32.const 16) (u32.const 4)) (u32.const 65004))
(assert_return (invoke "pass" (u32.const 4) (u32.const 128) (u32.const 32)) (u32.const 65032))

(component instance $i $C)
(assert_trap (invoke "pass" (u32.const 0) (u32.const 16) (u32.const 17)) "string content out-of-bounds")

(component instance $i $C)
(assert_trap (invoke "pass" (u32.const 1) (u32.const 16) (u32.const 17)) "string content out-of-bounds")

(component instance $i $C)
(assert_trap (invoke "pass" (u32.const 2) (u32.const 16) (u32.const 9)) "string content out-of-bounds")

(component instance $i $C)
(assert_trap (invoke "pass" (u32.const 3) (u32.const 16) (u32.const 3)) "list content out-of-bounds")

(component instance $i $C)
(assert_trap (invoke "pass" (u32.const 4) (u32.const 16) (u32.const 5)) "list content out-of-bounds")
