;; The memory of a core module that the root imports, whose code is not there to be merged, is an end of a
;; crossing.
(component
  (import "log" (func $log (param "n" u32)))
  (import "libc" (core module $libc
    (import "env" "log" (func (param i32)))
    (export "memory" (memory 1))
    (export "table" (table 4 funcref))
    (export "base" (global i32))
    (export "realloc" (func (param i32 i32 i32 i32) (result i32)))
    (export "first-byte" (func (param i32) (result i32)))))

  (component $words
    (core module $code
      (memory (export "memory") 1)
      (global $top (mut i32) (i32.const 256))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32)
        (global.get $top)
        (global.set $top (i32.add (global.get $top) (local.get 3))))
      (func (export "last") (param i32 i32) (result i32)
        (i32.load8_u (i32.sub (i32.add (local.get 0) (local.get 1)) (i32.const 1)))))
    (core instance $code (instantiate $code))
    (func (export "last") (param "text" string) (result u32)
      (canon lift (core func $code "last")
        (memory (core memory $code "memory")) (realloc (core func $code "realloc")))))
  (instance $words (instantiate $words))

  (component $app
    (import "log" (func $log (param "n" u32)))
    (import "last" (func $last (param "text" string) (result u32)))
    (import "libc" (core module $libc
      (import "env" "log" (func (param i32)))
      (export "memory" (memory 1))
      (export "table" (table 4 funcref))
      (export "base" (global i32))
      (export "realloc" (func (param i32 i32 i32 i32) (result i32)))
      (export "first-byte" (func (param i32) (result i32)))))
    (core func $log (canon lower (func $log)))
    (core module $first
      (import "" "log" (func $log (param i32)))
      (func $start (call $log (i32.const 1)))
      (start $start))
    (core instance (instantiate $first (with "" (instance (export "log" (func $log))))))
    (core instance $libc (instantiate $libc (with "env" (instance (export "log" (func $log))))))
    (core func $last (canon lower (func $last) (memory (core memory $libc "memory"))))
    (core module $main
      (import "libc" "memory" (memory 1))
      (import "libc" "base" (global $base i32))
      (import "" "log" (func $log (param i32)))
      (import "" "last" (func $last (param i32 i32) (result i32)))
      (data (global.get $base) "imported")
      (func $start (call $log (i32.const 3)))
      (start $start)
      (func (export "last") (result i32) (call $last (global.get $base) (i32.const 8))))
    (core instance $main (instantiate $main
      (with "libc" (instance $libc))
      (with "" (instance
        (export "log" (func $log)) (export "last" (func $last))))))
    (func (export "last") (result u32) (canon lift (core func $main "last"))))

  (instance $app (instantiate $app
    (with "log" (func $log)) (with "last" (func $words "last"))
    (with "libc" (core module $libc))))
  (export "last" (func $app "last")))

(assert_return (invoke "last") (u32.const 100))
