;; A type of thirteen levels, each of which holds the one below twice, has thousands of leaves written
;; out, and helpers for thirteen levels.
;; at most 24000 bytes

(component definition $C
  (component $callee
    (core module $m
      (memory (export "memory") 4)
      (global $next (mut i32) (i32.const 1024))
      (func $realloc (export "realloc") (param i32 i32 i32 i32) (result i32)
        (local $at i32)
        (local.set $at
          (i32.and
            (i32.add (global.get $next) (i32.sub (local.get 2) (i32.const 1)))
            (i32.sub (i32.const 0) (local.get 2))))
        (global.set $next (i32.add (local.get $at) (local.get 3)))
        (local.get $at))
      (func (export "f") (param i32 i32) (result i32)
        (local $at i32)
        (local.set $at (call $realloc (i32.const 0) (i32.const 0) (i32.const 4) (i32.const 8)))
        (i32.store (local.get $at) (local.get 0))
        (i32.store offset=4 (local.get $at) (local.get 1))
        (local.get $at)))
    (core instance $m (instantiate $m))
    (type $t0 (list string))
    (type $t1 (list (tuple $t0 $t0)))
    (type $t2 (list (tuple $t1 $t1)))
    (type $t3 (list (tuple $t2 $t2)))
    (type $t4 (list (tuple $t3 $t3)))
    (type $t5 (list (tuple $t4 $t4)))
    (type $t6 (list (tuple $t5 $t5)))
    (type $t7 (list (tuple $t6 $t6)))
    (type $t8 (list (tuple $t7 $t7)))
    (type $t9 (list (tuple $t8 $t8)))
    (type $t10 (list (tuple $t9 $t9)))
    (type $t11 (list (tuple $t10 $t10)))
    (type $t12 (list (tuple $t11 $t11)))
    (func (export "f") (param "x" $t12) (result $t12)
      (canon lift (core func $m "f") (memory (core memory $m "memory")) (realloc (core func $m "realloc")))))
  (component $caller
    (type $t0 (list string))
    (type $t1 (list (tuple $t0 $t0)))
    (type $t2 (list (tuple $t1 $t1)))
    (type $t3 (list (tuple $t2 $t2)))
    (type $t4 (list (tuple $t3 $t3)))
    (type $t5 (list (tuple $t4 $t4)))
    (type $t6 (list (tuple $t5 $t5)))
    (type $t7 (list (tuple $t6 $t6)))
    (type $t8 (list (tuple $t7 $t7)))
    (type $t9 (list (tuple $t8 $t8)))
    (type $t10 (list (tuple $t9 $t9)))
    (type $t11 (list (tuple $t10 $t10)))
    (type $t12 (list (tuple $t11 $t11)))
    (import "f" (func $f (param "x" $t12) (result $t12)))
    (core module $libc
      (memory (export "memory") 4)
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
      (func (export "f") (param i32 i32) (result i32)
        (local $at i32)
        (local.set $at (call $realloc (i32.const 0) (i32.const 0) (i32.const 4) (i32.const 8)))
        (call $f (local.get 0) (local.get 1) (local.get $at))
        (local.get $at)))
    (core instance $m (instantiate $m
      (with "libc" (instance $libc))
      (with "" (instance (export "f" (func $f))))))
    (func (export "f") (param "x" $t12) (result $t12)
      (canon lift (core func $m "f") (memory (core memory $libc "memory")) (realloc (core func $libc "realloc")))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller (with "f" (func $a "f"))))
  (export "f" (func $b "f")))

(component instance $i $C)

(assert_return (invoke "f" (list.const)) (list.const))
(assert_return (invoke "f" (list.const (tuple.const (list.const) (list.const)))) (list.const (tuple.const (list.const) (list.const))))
