;; Calls what it is passed in its start function, too.
(component
  (component $x
    (import "log" (func $log (param "n" u32)))
    (import "double" (func $double (param "n" u32) (result u32)))
    (import "name" (func $name (result string)))
    (core module $libc
      (memory (export "memory") 1)
      (global $top (mut i32) (i32.const 1024))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32)
        (global.get $top)
        (global.set $top (i32.add (global.get $top) (local.get 3)))))
    (core instance $libc (instantiate $libc))
    (core func $log (canon lower (func $log)))
    (core func $double (canon lower (func $double)))
    (core func $name (canon lower (func $name)
      (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
    (core module $m
      (import "" "log" (func $log (param i32)))
      (import "" "double" (func $double (param i32) (result i32)))
      (import "" "name" (func $name (param i32)))
      (func $start (call $log (i32.const 2)) (call $log (call $double (i32.const 21))))
      (start $start)
      (func (export "triple") (param i32) (result i32)
        (i32.add (local.get 0) (call $double (local.get 0))))
      (func (export "greet") (param i32 i32) (result i32) (call $name (i32.const 0)) (i32.const 0)))
    (core instance $m (instantiate $m (with "" (instance
      (export "log" (func $log)) (export "double" (func $double)) (export "name" (func $name))))))
    (func (export "triple") (param "n" u32) (result u32) (canon lift (core func $m "triple")))
    (func (export "greet") (param "to" string) (result string) (canon lift (core func $m "greet")
      (memory (core memory $libc "memory")) (realloc (core func $libc "realloc")))))
  (export "x" (component $x)))
