;; Tools lower what needs a memory after the module that defines it, and go through a table
;; until then.

(component definition $C
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
      (func (export "f") (param i32 i32) (result i32) (i32.load8_u (local.get 0))))
    (core instance $m (instantiate $m))
    (func (export "f") (param "x" string) (result u32)
      (canon lift (core func $m "f") (memory (core memory $m "memory")) (realloc (core func $m "realloc")))))
  (component $caller
    (import "f" (func $f (param "x" string) (result u32)))
    (core module $stub
      (type $t (func (param i32 i32) (result i32)))
      (table (export "table") 1 1 funcref)
      (func (export "f") (param i32 i32) (result i32)
        (call_indirect (type $t) (local.get 0) (local.get 1) (i32.const 0))))
    (core module $main
      (import "" "f" (func $f (param i32 i32) (result i32)))
      (memory (export "memory") 1)
      (data (i32.const 8) "quick")
      (func (export "raw") (param i32) (result i32) (call $f (i32.const 8) (local.get 0))))
    (core module $fill
      (import "" "table" (table 1 1 funcref))
      (import "" "f" (func $f (param i32 i32) (result i32)))
      (elem (i32.const 0) $f))
    (core instance $stub (instantiate $stub))
    (core instance $main (instantiate $main (with "" (instance (export "f" (func $stub "f"))))))
    (core func $f (canon lower (func $f) (memory (core memory $main "memory"))))
    (core instance (instantiate $fill (with "" (instance
      (export "table" (table $stub "table")) (export "f" (func $f))))))
    (func (export "raw") (param "x" u32) (result u32) (canon lift (core func $main "raw"))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller (with "f" (func $a "f"))))
  (export "raw" (func $b "raw")))

(component instance $i $C)

(assert_return (invoke "raw" (u32.const 5)) (u32.const 113))
