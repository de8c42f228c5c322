;; Options of results of tuples of lists of strings, five levels of lists, and empty ones on the
;; way.

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
    (func (export "f") (param "x" (list (option (result (tuple char (list string)) (error (list (list (list (list bool))))))))) (result (list (option (result (tuple char (list string)) (error (list (list (list (list bool)))))))))
      (canon lift (core func $m "f") (memory (core memory $m "memory")) (realloc (core func $m "realloc")))))
  (component $caller
    (import "f" (func $f (param "x" (list (option (result (tuple char (list string)) (error (list (list (list (list bool))))))))) (result (list (option (result (tuple char (list string)) (error (list (list (list (list bool)))))))))))
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
    (func (export "f") (param "x" (list (option (result (tuple char (list string)) (error (list (list (list (list bool))))))))) (result (list (option (result (tuple char (list string)) (error (list (list (list (list bool)))))))))
      (canon lift (core func $m "f") (memory (core memory $libc "memory")) (realloc (core func $libc "realloc")))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller (with "f" (func $a "f"))))
  (export "f" (func $b "f")))

(component instance $i $C)

(assert_return (invoke "f" (list.const)) (list.const))

(assert_return (invoke "f" (list.const (option.none))) (list.const (option.none)))

(assert_return (invoke "f" (list.const (option.some (result.ok (tuple.const (char.const "ä") (list.const (str.const "a") (str.const "") (str.const "€uro"))))) (option.none) (option.some (result.err (list.const))) (option.some (result.err (list.const (list.const) (list.const (list.const (list.const (bool.const true) (bool.const false)) (list.const)))))))) (list.const (option.some (result.ok (tuple.const (char.const "ä") (list.const (str.const "a") (str.const "") (str.const "€uro"))))) (option.none) (option.some (result.err (list.const))) (option.some (result.err (list.const (list.const) (list.const (list.const (list.const (bool.const true) (bool.const false)) (list.const))))))))
