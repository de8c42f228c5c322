;; One instance has slot 0 of the context with 32 bits, another with 64. Each finds it clear, and finds
;; what it has put there.
(component
  (component $narrow
    (core func $get (canon context.get i32 0))
    (core func $set (canon context.set i32 0))
    (core module $m
      (import "" "get" (func $get (result i32)))
      (import "" "set" (func $set (param i32)))
      (func (export "f") (param i32) (result i32)
        (local $before i32)
        (local.set $before (call $get))
        (call $set (local.get 0))
        (i32.sub (call $get) (local.get $before))))
    (core instance $m (instantiate $m
      (with "" (instance (export "get" (func $get)) (export "set" (func $set))))))
    (func (export "f") (param "x" s32) (result s32) (canon lift (core func $m "f"))))
  (component $wide
    (import "f" (func $f (param "x" s32) (result s32)))
    (core func $f (canon lower (func $f)))
    (core func $get (canon context.get i64 0))
    (core func $set (canon context.set i64 0))
    (core module $m
      (import "" "f" (func $f (param i32) (result i32)))
      (import "" "get" (func $get (result i64)))
      (import "" "set" (func $set (param i64)))
      (func (export "g") (param i64) (result i64)
        (local $narrow i32)
        (if (i64.ne (call $get) (i64.const 0)) (then (unreachable)))
        (call $set (local.get 0))
        (local.set $narrow (call $f (i32.const -7)))
        (i64.add (call $get) (i64.extend_i32_s (local.get $narrow)))))
    (core instance $m (instantiate $m (with "" (instance
      (export "f" (func $f)) (export "get" (func $get)) (export "set" (func $set))))))
    (func (export "g") (param "x" s64) (result s64) (canon lift (core func $m "g"))))
  (instance $narrow (instantiate $narrow))
  (instance $wide (instantiate $wide (with "f" (func $narrow "f"))))
  (export "f" (func $narrow "f"))
  (export "g" (func $wide "g")))
