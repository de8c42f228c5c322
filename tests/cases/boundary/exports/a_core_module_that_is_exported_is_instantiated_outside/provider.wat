;; The module is used inside and exported, alone and in an instance.
(component
  (core module $counter
    (global $count (mut i32) (i32.const 40))
    (func (export "next") (result i32)
      (global.set $count (i32.add (global.get $count) (i32.const 1)))
      (global.get $count)))
  (core instance $inside (instantiate $counter))
  (func $next (result u32) (canon lift (core func $inside "next")))
  (instance $api
    (export "counter" (core module $counter))
    (export "next" (func $next)))
  (export "my:pkg/api" (instance $api)))
