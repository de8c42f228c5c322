;; Every bit pattern of an integer or a float is a value, and records of them without padding
;; are copied whole.

(component definition $U8
  (component $callee
    (core module $m
      (memory (export "memory") 1)
      (global $next (mut i32) (i32.const 1024))
      (func $realloc (export "realloc") (param i32 i32 i32 i32) (result i32)
        (local $at i32)
        (local.set $at
          (i32.and
            (i32.add (global.get $next) (i32.sub (local.get 2) (i32.const 1)))
            (i32.sub (i32.const 0) (local.get 2))))
        (global.set $next (i32.add (local.get $at) (local.get 3)))
        (local.get $at))
      (global $ret (mut i32) (i32.const 0))
      (func (export "f") (param i32 i32) (result i32)
        (i32.store (i32.const 16) (local.get 0))
        (i32.store (i32.const 20) (i32.mul (local.get 1) (i32.const 1)))
        (i32.const 16)))
    (core instance $m (instantiate $m))
    (func (export "f") (param "x" (list u8)) (result (list u8))
      (canon lift (core func $m "f") (memory (core memory $m "memory")) (realloc (core func $m "realloc")))))
  (component $caller
    (import "f" (func $f (param "x" (list u8)) (result (list u8))))
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
    (core module $m
      (import "libc" "memory" (memory 1))
      (import "libc" "realloc" (func $realloc (param i32 i32 i32 i32) (result i32)))
      (import "" "f" (func $f (param i32 i32 i32)))
      (func (export "echo") (param i32 i32) (result i32)
        (call $f (local.get 0) (i32.div_u (local.get 1) (i32.const 1)) (i32.const 16))
        (i32.const 16)))
    (core instance $m (instantiate $m
      (with "libc" (instance $libc))
      (with "" (instance (export "f" (func $f))))))
    (func (export "echo") (param "bytes" (list u8)) (result (list u8))
      (canon lift (core func $m "echo") (memory (core memory $libc "memory")) (realloc (core func $libc "realloc")))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller (with "f" (func $a "f"))))
  (export "echo" (func $b "echo")))

(component instance $i $U8)

(assert_return (invoke "echo" (list.const (u8.const 250) (u8.const 251) (u8.const 252) (u8.const 253) (u8.const 254) (u8.const 255))) (list.const (u8.const 250) (u8.const 251) (u8.const 252) (u8.const 253) (u8.const 254) (u8.const 255)))

(component definition $S16
  (component $callee
    (core module $m
      (memory (export "memory") 1)
      (global $next (mut i32) (i32.const 1024))
      (func $realloc (export "realloc") (param i32 i32 i32 i32) (result i32)
        (local $at i32)
        (local.set $at
          (i32.and
            (i32.add (global.get $next) (i32.sub (local.get 2) (i32.const 1)))
            (i32.sub (i32.const 0) (local.get 2))))
        (global.set $next (i32.add (local.get $at) (local.get 3)))
        (local.get $at))
      (global $ret (mut i32) (i32.const 0))
      (func (export "f") (param i32 i32) (result i32)
        (i32.store (i32.const 16) (local.get 0))
        (i32.store (i32.const 20) (i32.mul (local.get 1) (i32.const 2)))
        (i32.const 16)))
    (core instance $m (instantiate $m))
    (func (export "f") (param "x" (list s16)) (result (list u8))
      (canon lift (core func $m "f") (memory (core memory $m "memory")) (realloc (core func $m "realloc")))))
  (component $caller
    (import "f" (func $f (param "x" (list s16)) (result (list u8))))
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
    (core module $m
      (import "libc" "memory" (memory 1))
      (import "libc" "realloc" (func $realloc (param i32 i32 i32 i32) (result i32)))
      (import "" "f" (func $f (param i32 i32 i32)))
      (func (export "echo") (param i32 i32) (result i32)
        (call $f (local.get 0) (i32.div_u (local.get 1) (i32.const 2)) (i32.const 16))
        (i32.const 16)))
    (core instance $m (instantiate $m
      (with "libc" (instance $libc))
      (with "" (instance (export "f" (func $f))))))
    (func (export "echo") (param "bytes" (list u8)) (result (list u8))
      (canon lift (core func $m "echo") (memory (core memory $libc "memory")) (realloc (core func $libc "realloc")))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller (with "f" (func $a "f"))))
  (export "echo" (func $b "echo")))

(component instance $i $S16)

(assert_return (invoke "echo" (list.const (u8.const 255) (u8.const 255) (u8.const 0) (u8.const 128))) (list.const (u8.const 255) (u8.const 255) (u8.const 0) (u8.const 128)))

(component definition $F32
  (component $callee
    (core module $m
      (memory (export "memory") 1)
      (global $next (mut i32) (i32.const 1024))
      (func $realloc (export "realloc") (param i32 i32 i32 i32) (result i32)
        (local $at i32)
        (local.set $at
          (i32.and
            (i32.add (global.get $next) (i32.sub (local.get 2) (i32.const 1)))
            (i32.sub (i32.const 0) (local.get 2))))
        (global.set $next (i32.add (local.get $at) (local.get 3)))
        (local.get $at))
      (global $ret (mut i32) (i32.const 0))
      (func (export "f") (param i32 i32) (result i32)
        (i32.store (i32.const 16) (local.get 0))
        (i32.store (i32.const 20) (i32.mul (local.get 1) (i32.const 4)))
        (i32.const 16)))
    (core instance $m (instantiate $m))
    (func (export "f") (param "x" (list f32)) (result (list u8))
      (canon lift (core func $m "f") (memory (core memory $m "memory")) (realloc (core func $m "realloc")))))
  (component $caller
    (import "f" (func $f (param "x" (list f32)) (result (list u8))))
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
    (core module $m
      (import "libc" "memory" (memory 1))
      (import "libc" "realloc" (func $realloc (param i32 i32 i32 i32) (result i32)))
      (import "" "f" (func $f (param i32 i32 i32)))
      (func (export "echo") (param i32 i32) (result i32)
        (call $f (local.get 0) (i32.div_u (local.get 1) (i32.const 4)) (i32.const 16))
        (i32.const 16)))
    (core instance $m (instantiate $m
      (with "libc" (instance $libc))
      (with "" (instance (export "f" (func $f))))))
    (func (export "echo") (param "bytes" (list u8)) (result (list u8))
      (canon lift (core func $m "echo") (memory (core memory $libc "memory")) (realloc (core func $libc "realloc")))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller (with "f" (func $a "f"))))
  (export "echo" (func $b "echo")))

(component instance $i $F32)

(assert_return (invoke "echo" (list.const (u8.const 0) (u8.const 0) (u8.const 192) (u8.const 63) (u8.const 0) (u8.const 0) (u8.const 0) (u8.const 128))) (list.const (u8.const 0) (u8.const 0) (u8.const 192) (u8.const 63) (u8.const 0) (u8.const 0) (u8.const 0) (u8.const 128)))

(component definition $F64
  (component $callee
    (core module $m
      (memory (export "memory") 1)
      (global $next (mut i32) (i32.const 1024))
      (func $realloc (export "realloc") (param i32 i32 i32 i32) (result i32)
        (local $at i32)
        (local.set $at
          (i32.and
            (i32.add (global.get $next) (i32.sub (local.get 2) (i32.const 1)))
            (i32.sub (i32.const 0) (local.get 2))))
        (global.set $next (i32.add (local.get $at) (local.get 3)))
        (local.get $at))
      (global $ret (mut i32) (i32.const 0))
      (func (export "f") (param i32 i32) (result i32)
        (i32.store (i32.const 16) (local.get 0))
        (i32.store (i32.const 20) (i32.mul (local.get 1) (i32.const 8)))
        (i32.const 16)))
    (core instance $m (instantiate $m))
    (func (export "f") (param "x" (list f64)) (result (list u8))
      (canon lift (core func $m "f") (memory (core memory $m "memory")) (realloc (core func $m "realloc")))))
  (component $caller
    (import "f" (func $f (param "x" (list f64)) (result (list u8))))
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
    (core module $m
      (import "libc" "memory" (memory 1))
      (import "libc" "realloc" (func $realloc (param i32 i32 i32 i32) (result i32)))
      (import "" "f" (func $f (param i32 i32 i32)))
      (func (export "echo") (param i32 i32) (result i32)
        (call $f (local.get 0) (i32.div_u (local.get 1) (i32.const 8)) (i32.const 16))
        (i32.const 16)))
    (core instance $m (instantiate $m
      (with "libc" (instance $libc))
      (with "" (instance (export "f" (func $f))))))
    (func (export "echo") (param "bytes" (list u8)) (result (list u8))
      (canon lift (core func $m "echo") (memory (core memory $libc "memory")) (realloc (core func $libc "realloc")))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller (with "f" (func $a "f"))))
  (export "echo" (func $b "echo")))

(component instance $i $F64)

(assert_return (invoke "echo" (list.const (u8.const 0) (u8.const 0) (u8.const 0) (u8.const 0) (u8.const 0) (u8.const 0) (u8.const 248) (u8.const 63))) (list.const (u8.const 0) (u8.const 0) (u8.const 0) (u8.const 0) (u8.const 0) (u8.const 0) (u8.const 248) (u8.const 63)))

(component definition $Tuple
  (component $callee
    (core module $m
      (memory (export "memory") 1)
      (global $next (mut i32) (i32.const 1024))
      (func $realloc (export "realloc") (param i32 i32 i32 i32) (result i32)
        (local $at i32)
        (local.set $at
          (i32.and
            (i32.add (global.get $next) (i32.sub (local.get 2) (i32.const 1)))
            (i32.sub (i32.const 0) (local.get 2))))
        (global.set $next (i32.add (local.get $at) (local.get 3)))
        (local.get $at))
      (global $ret (mut i32) (i32.const 0))
      (func (export "f") (param i32 i32) (result i32)
        (i32.store (i32.const 16) (local.get 0))
        (i32.store (i32.const 20) (i32.mul (local.get 1) (i32.const 8)))
        (i32.const 16)))
    (core instance $m (instantiate $m))
    (func (export "f") (param "x" (list (tuple u32 u16 u8 u8))) (result (list u8))
      (canon lift (core func $m "f") (memory (core memory $m "memory")) (realloc (core func $m "realloc")))))
  (component $caller
    (import "f" (func $f (param "x" (list (tuple u32 u16 u8 u8))) (result (list u8))))
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
    (core module $m
      (import "libc" "memory" (memory 1))
      (import "libc" "realloc" (func $realloc (param i32 i32 i32 i32) (result i32)))
      (import "" "f" (func $f (param i32 i32 i32)))
      (func (export "echo") (param i32 i32) (result i32)
        (call $f (local.get 0) (i32.div_u (local.get 1) (i32.const 8)) (i32.const 16))
        (i32.const 16)))
    (core instance $m (instantiate $m
      (with "libc" (instance $libc))
      (with "" (instance (export "f" (func $f))))))
    (func (export "echo") (param "bytes" (list u8)) (result (list u8))
      (canon lift (core func $m "echo") (memory (core memory $libc "memory")) (realloc (core func $libc "realloc")))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller (with "f" (func $a "f"))))
  (export "echo" (func $b "echo")))

(component instance $i $Tuple)

(assert_return (invoke "echo" (list.const (u8.const 1) (u8.const 2) (u8.const 3) (u8.const 4) (u8.const 5) (u8.const 6) (u8.const 7) (u8.const 8) (u8.const 9) (u8.const 10) (u8.const 11) (u8.const 12) (u8.const 13) (u8.const 14) (u8.const 15) (u8.const 16))) (list.const (u8.const 1) (u8.const 2) (u8.const 3) (u8.const 4) (u8.const 5) (u8.const 6) (u8.const 7) (u8.const 8) (u8.const 9) (u8.const 10) (u8.const 11) (u8.const 12) (u8.const 13) (u8.const 14) (u8.const 15) (u8.const 16)))
