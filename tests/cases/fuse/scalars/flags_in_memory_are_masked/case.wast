;; Bits beyond the labels do not reach the callee, in one byte, two or four.

(component definition $Byte
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
    (type $t' (flags "a" "b" "c"))
    (export $t "t" (type $t'))
    (func (export "f") (param "x" (list $t)) (result (list u8))
      (canon lift (core func $m "f") (memory (core memory $m "memory")) (realloc (core func $m "realloc")))))
  (component $caller
    (type $t' (flags "a" "b" "c"))
    (import "t" (type $t (eq $t')))
    (import "f" (func $f (param "x" (list $t)) (result (list u8))))
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
  (instance $b (instantiate $caller (with "t" (type $a "t")) (with "f" (func $a "f"))))
  (export "echo" (func $b "echo")))

(component instance $i $Byte)

(assert_return (invoke "echo" (list.const (u8.const 255) (u8.const 8) (u8.const 7))) (list.const (u8.const 7) (u8.const 0) (u8.const 7)))

(component definition $Short
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
    (type $t' (flags "c0" "c1" "c2" "c3" "c4" "c5" "c6" "c7" "c8"))
    (export $t "t" (type $t'))
    (func (export "f") (param "x" (list $t)) (result (list u8))
      (canon lift (core func $m "f") (memory (core memory $m "memory")) (realloc (core func $m "realloc")))))
  (component $caller
    (type $t' (flags "c0" "c1" "c2" "c3" "c4" "c5" "c6" "c7" "c8"))
    (import "t" (type $t (eq $t')))
    (import "f" (func $f (param "x" (list $t)) (result (list u8))))
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
  (instance $b (instantiate $caller (with "t" (type $a "t")) (with "f" (func $a "f"))))
  (export "echo" (func $b "echo")))

(component instance $i $Short)

(assert_return (invoke "echo" (list.const (u8.const 255) (u8.const 255) (u8.const 0) (u8.const 2))) (list.const (u8.const 255) (u8.const 1) (u8.const 0) (u8.const 0)))

(component definition $Word
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
    (type $t' (flags "c0" "c1" "c2" "c3" "c4" "c5" "c6" "c7" "c8" "c9" "c10" "c11" "c12" "c13" "c14" "c15" "c16"))
    (export $t "t" (type $t'))
    (func (export "f") (param "x" (list $t)) (result (list u8))
      (canon lift (core func $m "f") (memory (core memory $m "memory")) (realloc (core func $m "realloc")))))
  (component $caller
    (type $t' (flags "c0" "c1" "c2" "c3" "c4" "c5" "c6" "c7" "c8" "c9" "c10" "c11" "c12" "c13" "c14" "c15" "c16"))
    (import "t" (type $t (eq $t')))
    (import "f" (func $f (param "x" (list $t)) (result (list u8))))
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
  (instance $b (instantiate $caller (with "t" (type $a "t")) (with "f" (func $a "f"))))
  (export "echo" (func $b "echo")))

(component instance $i $Word)

(assert_return (invoke "echo" (list.const (u8.const 255) (u8.const 255) (u8.const 255) (u8.const 255))) (list.const (u8.const 255) (u8.const 255) (u8.const 1) (u8.const 0)))

(component definition $Full
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
    (type $t' (flags "c0" "c1" "c2" "c3" "c4" "c5" "c6" "c7" "c8" "c9" "c10" "c11" "c12" "c13" "c14" "c15" "c16" "c17" "c18" "c19" "c20" "c21" "c22" "c23" "c24" "c25" "c26" "c27" "c28" "c29" "c30" "c31"))
    (export $t "t" (type $t'))
    (func (export "f") (param "x" (list $t)) (result (list u8))
      (canon lift (core func $m "f") (memory (core memory $m "memory")) (realloc (core func $m "realloc")))))
  (component $caller
    (type $t' (flags "c0" "c1" "c2" "c3" "c4" "c5" "c6" "c7" "c8" "c9" "c10" "c11" "c12" "c13" "c14" "c15" "c16" "c17" "c18" "c19" "c20" "c21" "c22" "c23" "c24" "c25" "c26" "c27" "c28" "c29" "c30" "c31"))
    (import "t" (type $t (eq $t')))
    (import "f" (func $f (param "x" (list $t)) (result (list u8))))
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
  (instance $b (instantiate $caller (with "t" (type $a "t")) (with "f" (func $a "f"))))
  (export "echo" (func $b "echo")))

(component instance $i $Full)

(assert_return (invoke "echo" (list.const (u8.const 255) (u8.const 255) (u8.const 255) (u8.const 255))) (list.const (u8.const 255) (u8.const 255) (u8.const 255) (u8.const 255)))
