;; `x` is between `before`, whose functions it calls, and `after`, which calls both. Each start function
;; logs its turn.
(component
  (import "log" (func $log (param "n" u32)))
  (import "x" (component $x
    (import "log" (func (param "n" u32)))
    (import "double" (func (param "n" u32) (result u32)))
    (import "name" (func (result string)))
    (export "triple" (func (param "n" u32) (result u32)))
    (export "greet" (func (param "to" string) (result string)))))

  (component $before
    (import "log" (func $log (param "n" u32)))
    (core func $log (canon lower (func $log)))
    (core module $m
      (import "" "log" (func $log (param i32)))
      (memory (export "memory") 1)
      (data (i32.const 0) "\10\00\00\00\05\00\00\00")
      (data (i32.const 16) "fused")
      (func $start (call $log (i32.const 1)))
      (start $start)
      (func (export "double") (param i32) (result i32)
        (call $log (i32.const 10))
        (i32.shl (local.get 0) (i32.const 1)))
      (func (export "name") (result i32) (i32.const 0)))
    (core instance $m (instantiate $m (with "" (instance (export "log" (func $log))))))
    (func (export "double") (param "n" u32) (result u32) (canon lift (core func $m "double")))
    (func (export "name") (result string)
      (canon lift (core func $m "name") (memory (core memory $m "memory")))))
  (instance $before (instantiate $before (with "log" (func $log))))

  (instance $x (instantiate $x
    (with "log" (func $log))
    (with "double" (func $before "double")) (with "name" (func $before "name"))))

  (component $after
    (import "log" (func $log (param "n" u32)))
    (import "double" (func $double (param "n" u32) (result u32)))
    (import "triple" (func $triple (param "n" u32) (result u32)))
    (import "greet" (func $greet (param "to" string) (result string)))
    (core func $log (canon lower (func $log)))
    (core func $double (canon lower (func $double)))
    (core func $triple (canon lower (func $triple)))
    (core module $libc
      (memory (export "memory") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024)))
    (core instance $libc (instantiate $libc))
    (core func $greet (canon lower (func $greet)
      (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
    (core module $m
      (import "" "log" (func $log (param i32)))
      (import "" "double" (func $double (param i32) (result i32)))
      (import "" "triple" (func $triple (param i32) (result i32)))
      (import "" "greet" (func $greet (param i32 i32 i32)))
      (import "" "memory" (memory 1))
      (func $start (call $log (i32.const 3)) (call $log (call $triple (i32.const 7))))
      (start $start)
      (func (export "run") (result i32)
        (i32.store8 (i32.const 0) (i32.const 65))
        (call $greet (i32.const 0) (i32.const 1) (i32.const 8))
        (call $log (i32.load (i32.const 12)))
        (call $log (i32.load8_u offset=4 (i32.load (i32.const 8))))
        (i32.add (call $triple (i32.const 100)) (call $double (i32.const 1)))))
    (core instance $m (instantiate $m (with "" (instance
      (export "log" (func $log)) (export "double" (func $double))
      (export "triple" (func $triple)) (export "greet" (func $greet))
      (export "memory" (memory $libc "memory"))))))
    (func (export "run") (result u32) (canon lift (core func $m "run"))))
  (instance $after (instantiate $after
    (with "log" (func $log)) (with "double" (func $before "double"))
    (with "triple" (func $x "triple")) (with "greet" (func $x "greet"))))
  (export "run" (func $after "run")))
