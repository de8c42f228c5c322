;; The code of a core module that the root imports is not there to be merged. It is instantiated
;; between what was instantiated before and after it: the start functions log in their order.
(component
  (import "log" (func $log (param "n" u32)))
  (import "say" (func $say (param "text" string) (result string)))
  (import "libc" (core module $libc
    (import "env" "log" (func (param i32)))
    (export "memory" (memory 1))
    (export "table" (table 4 funcref))
    (export "base" (global i32))
    (export "realloc" (func (param i32 i32 i32 i32) (result i32)))
    (export "first-byte" (func (param i32) (result i32)))))

  (component $app
    (import "log" (func $log (param "n" u32)))
    (import "say" (func $say (param "text" string) (result string)))
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
    (core func $say (canon lower (func $say)
      (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
    (core module $main
      (import "libc" "memory" (memory 1))
      (import "libc" "base" (global $base i32))
      (import "libc" "table" (table 4 funcref))
      (import "libc" "first-byte" (func $first (param i32) (result i32)))
      (import "" "log" (func $log (param i32)))
      (import "" "say" (func $say (param i32 i32 i32)))
      (data (global.get $base) "imported")
      (elem (i32.const 2) $first)
      (func $start
        (call $log (i32.const 3))
        (call $say (global.get $base) (i32.const 8) (i32.const 128))
        (call $log (i32.load offset=4 (i32.const 128))))
      (start $start)
      (func (export "first") (result i32)
        (call_indirect (param i32) (result i32) (i32.load (i32.const 128)) (i32.const 2))))
    (core instance $main (instantiate $main
      (with "libc" (instance $libc))
      (with "" (instance
        (export "log" (func $log)) (export "say" (func $say))))))
    (func (export "first") (result u32) (canon lift (core func $main "first"))))

  (instance $app (instantiate $app
    (with "log" (func $log)) (with "say" (func $say))
    (with "libc" (core module $libc))))
  (export "first" (func $app "first")))

(assert_return (invoke "first") (u32.const 105))
