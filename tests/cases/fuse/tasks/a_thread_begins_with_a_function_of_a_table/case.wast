;; `thread.new-indirect` takes a function of the guest's table, which is one of the fused module.

(component
  (component $callee
    (core module $m (func (export "next") (param i32) (result i32)
      (i32.add (local.get 0) (i32.const 1))))
    (core instance $m (instantiate $m))
    (func (export "next") (param "x" u32) (result u32) (canon lift (core func $m "next"))))
  (component $caller
    (import "next" (func $next (param "x" u32) (result u32)))
    (core func $next (canon lower (func $next)))
    (core module $libc (table (export "table") 3 funcref))
    (core instance $libc (instantiate $libc))
    (core type $start (func (param i32)))
    (core func $new (canon thread.new-indirect $start (core table $libc "table")))
    (core func $resume (canon thread.yield-then-resume))
    (core module $m
      (import "libc" "table" (table 3 funcref))
      (import "" "next" (func $next (param i32) (result i32)))
      (import "" "new" (func $new (param i32 i32) (result i32)))
      (import "" "resume" (func $resume (param i32) (result i32)))
      (global $x (mut i32) (i32.const 0))
      (func $start (param i32) (global.set $x (call $next (local.get 0))))
      (elem (i32.const 1) $start)
      (func (export "f") (param i32) (result i32)
        (drop (call $resume (call $new (i32.const 1) (local.get 0))))
        (global.get $x)))
    (core instance $m (instantiate $m
      (with "libc" (instance $libc))
      (with "" (instance
        (export "next" (func $next))
        (export "new" (func $new))
        (export "resume" (func $resume))))))
    (func (export "f") async (param "x" u32) (result u32) (canon lift (core func $m "f"))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller (with "next" (func $a "next"))))
  (export "f" (func $b "f")))

(assert_return (invoke "f" (u32.const 41)) (u32.const 42))
