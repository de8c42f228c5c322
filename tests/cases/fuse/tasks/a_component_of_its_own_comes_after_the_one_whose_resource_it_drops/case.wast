;; --tasks apart
;; `outer` is there before `inner`, which is in it. Both have tasks, and `outer` has threads, which are the
;; engine's. The resource that `outer` drops is defined by `inner`.
(component
  (component $outer
    (component $inner
      (core func $set-new (canon waitable-set.new))
      (core module $m
        (import "" "set-new" (func $set-new (result i32)))
        (func (export "set") (result i32) (call $set-new)))
      (core instance $m (instantiate $m (with "" (instance (export "set-new" (func $set-new))))))
      (type $r (resource (rep i32)))
      (export "r" (type $r))
      (func (export "set") (result u32) (canon lift (core func $m "set"))))
    (instance $inner (instantiate $inner))
    (alias export $inner "r" (type $r))
    (core func $set-new (canon waitable-set.new))
    (core func $drop (canon resource.drop $r))
    (core func $index (canon thread.index))
    (core module $m
      (import "" "set-new" (func $set-new (result i32)))
      (import "" "drop" (func $drop (param i32)))
      (import "" "index" (func (result i32)))
      (func (export "sets") (result i32)
        (i32.add (i32.mul (i32.const 10) (call $set-new)) (call $set-new)))
      (func $drop-it (export "drop") (param i32) (call $drop (local.get 0))))
    (core instance $m (instantiate $m (with "" (instance
      (export "set-new" (func $set-new)) (export "drop" (func $drop))
      (export "index" (func $index))))))
    (func (export "sets") (result u32) (canon lift (core func $m "sets")))
    (func (export "drop") (param "index" u32) (canon lift (core func $m "drop")))
    (export "set" (func $inner "set")))
  (instance $outer (instantiate $outer))
  (export "set" (func $outer "set"))
  (export "sets" (func $outer "sets"))
  (export "drop" (func $outer "drop")))

(assert_return (invoke "set") (u32.const 1))
(assert_return (invoke "sets") (u32.const 12))
(assert_trap (invoke "drop" (u32.const 7)) "unknown handle index 7")
