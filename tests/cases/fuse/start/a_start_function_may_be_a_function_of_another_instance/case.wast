;; A core module's start function is a lowered one, or one of another core instance that calls it.

(component
  (import "log" (func $log (param "x" u32)))
  (component $callee
    (import "log" (func $log (param "x" u32)))
    (core func $log (canon lower (func $log)))
    (core module $m
      (import "" "log" (func $log (param i32)))
      (global $count (mut i32) (i32.const 40))
      (func (export "go")
        (global.set $count (i32.add (global.get $count) (i32.const 1)))
        (call $log (global.get $count))))
    (core instance $m (instantiate $m (with "" (instance (export "log" (func $log))))))
    (func (export "go") (canon lift (core func $m "go"))))
  (component $caller
    (import "go" (func $go))
    (core func $go (canon lower (func $go)))
    (core module $m
      (import "" "go" (func $go))
      (start $go)
      (func (export "again") (call $go)))
    (core instance $first (instantiate $m (with "" (instance (export "go" (func $go))))))
    (core instance $second (instantiate $m (with "" (instance (export "go" (func $go))))))
    (core instance $third (instantiate $m
      (with "" (instance (export "go" (func $second "again"))))))
    (func (export "again") (canon lift (core func $third "again"))))
  (instance $callee (instantiate $callee (with "log" (func $log))))
  (instance $caller (instantiate $caller (with "go" (func $callee "go"))))
  (export "again" (func $caller "again")))

(assert_return (invoke "again"))
