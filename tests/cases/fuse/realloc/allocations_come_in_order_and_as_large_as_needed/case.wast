;; Each string and list of the parameters is allocated once, in the order of the values, outer
;; lists before what their elements point to; the parameters' own block comes first.

(component definition $C
  (component $callee
    (core module $m
      (memory (export "memory") 1)
      (global $next (mut i32) (i32.const 1024))
      (global $calls (mut i32) (i32.const 0))
      ;; what it is called with is kept from address 64 on
      (func $realloc (export "realloc") (param i32 i32 i32 i32) (result i32)
        (local $at i32)
        (local.set $at (i32.add (i32.const 64) (i32.mul (global.get $calls) (i32.const 16))))
        (i32.store (local.get $at) (local.get 0))
        (i32.store offset=4 (local.get $at) (local.get 1))
        (i32.store offset=8 (local.get $at) (local.get 2))
        (i32.store offset=12 (local.get $at) (local.get 3))
        (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
        (global.set $next (i32.add (global.get $next) (i32.const 64)))
        (i32.sub (global.get $next) (i32.const 64)))
      (func (export "calls") (result i32)
        (i32.store (i32.const 48) (i32.const 64))
        (i32.store (i32.const 52) (i32.mul (global.get $calls) (i32.const 4)))
        (i32.const 48))
      (func (export "f") (param i32 i32 i32 i32 i32 i32 i32 i32 i32))
      (func (export "g") (param i32)))
    (core instance $m (instantiate $m))
    (func (export "f") (param "a" string) (param "b" (list u16)) (param "c" (list string)) (param "d" (option (list u64)))
      (canon lift (core func $m "f") (memory (core memory $m "memory")) (realloc (core func $m "realloc"))))
    (func (export "g") (param "a" (tuple string (list u16) (list string) (option (list u64)))) (param "b" (tuple string (list u16) (list string) (option (list u64))))
      (canon lift (core func $m "g") (memory (core memory $m "memory")) (realloc (core func $m "realloc"))))
    (func (export "calls") (result (list u32)) (canon lift (core func $m "calls") (memory (core memory $m "memory")))))
  (component $caller
    (import "f" (func $f (param "a" string) (param "b" (list u16)) (param "c" (list string)) (param "d" (option (list u64)))))
    (import "g" (func $g (param "a" (tuple string (list u16) (list string) (option (list u64)))) (param "b" (tuple string (list u16) (list string) (option (list u64))))))
    (core module $libc
      (memory (export "memory") 1)
      (global $next (mut i32) (i32.const 1024))
      (func $realloc (export "realloc") (param i32 i32 i32 i32) (result i32)
        (local $at i32)
        (local.set $at
          (i32.and
            (i32.add (global.get $next) (i32.sub (local.get 2) (i32.const 1)))
            (i32.sub (i32.const 0) (local.get 2))))
        (global.set $next (i32.add (local.get $at) (local.get 3)))
        (local.get $at)))
    (core instance $libc (instantiate $libc))
    (core func $f (canon lower (func $f) (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
    (core func $g (canon lower (func $g) (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
    (core module $m
      (import "libc" "memory" (memory 1))
      (import "libc" "realloc" (func $realloc (param i32 i32 i32 i32) (result i32)))
      (import "" "f" (func $f (param i32 i32 i32 i32 i32 i32 i32 i32 i32)))
      (import "" "g" (func $g (param i32)))
      (data (i32.const 0) "alpha")
      ;; a list of two strings
      (data (i32.const 16) "\00\00\00\00\05\00\00\00\02\00\00\00\01\00\00\00")
      (data (i32.const 32) "\01\00\00\00\03\00\00\00\00\00\00\00\03\00\00\00\10\00\00\00\01\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00")
      (func (export "f")
        (call $f
          (i32.const 0) (i32.const 5)
          (i32.const 2) (i32.const 3)
          (i32.const 16) (i32.const 2)
          (i32.const 1) (i32.const 8) (i32.const 1)))
      (func (export "g") (call $g (i32.const 32))))
    (core instance $m (instantiate $m
      (with "libc" (instance $libc))
      (with "" (instance (export "f" (func $f)) (export "g" (func $g))))))
    (func (export "f") (canon lift (core func $m "f")))
    (func (export "g") (canon lift (core func $m "g"))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller (with "f" (func $a "f")) (with "g" (func $a "g"))))
  (export "f" (func $b "f"))
  (export "g" (func $b "g"))
  (export "calls" (func $a "calls")))

(component instance $i $C)

(invoke "f")

(assert_return (invoke "calls") (list.const (u32.const 0) (u32.const 0) (u32.const 1) (u32.const 5) (u32.const 0) (u32.const 0) (u32.const 2) (u32.const 6) (u32.const 0) (u32.const 0) (u32.const 4) (u32.const 16) (u32.const 0) (u32.const 0) (u32.const 1) (u32.const 5) (u32.const 0) (u32.const 0) (u32.const 1) (u32.const 1) (u32.const 0) (u32.const 0) (u32.const 8) (u32.const 8)))
