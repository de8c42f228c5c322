;; The engine has one table for an instance. These are two, and so each begins to count at 1.
(component
  (component $a
    (core func $new (canon waitable-set.new))
    (core module $m (import "" "new" (func $new (result i32))) (export "f" (func $new)))
    (core instance $m (instantiate $m (with "" (instance (export "new" (func $new))))))
    (func (export "f") (result u32) (canon lift (core func $m "f"))))
  (component $b
    (core func $new (canon waitable-set.new))
    (core func $drop (canon waitable-set.drop))
    (core func $return (canon task.return (result u32)))
    (core module $m
      (import "" "new" (func $new (result i32)))
      (import "" "drop" (func $drop (param i32)))
      (import "" "return" (func $return (param i32)))
      (func (export "f") (result i32) (call $return (call $new)) (i32.const 0))
      (func (export "g") (result i32)
        (local $set i32)
        (local.set $set (call $new))
        (call $drop (local.get $set))
        (call $return (local.get $set))
        ;; a turn of its own after it has returned
        (i32.const 1))
      (func (export "callback") (param i32 i32 i32) (result i32) (i32.const 0)))
    (core instance $m (instantiate $m (with "" (instance
      (export "new" (func $new)) (export "drop" (func $drop)) (export "return" (func $return))))))
    (func (export "f") async (result u32)
      (canon lift (core func $m "f") async (callback (core func $m "callback"))))
    (func (export "g") async (result u32)
      (canon lift (core func $m "g") async (callback (core func $m "callback")))))
  (instance $a (instantiate $a))
  (instance $b (instantiate $b))
  (export "a" (func $a "f"))
  (export "f" (func $b "f"))
  (export "g" (func $b "g")))

(assert_return (invoke "a") (u32.const 1))
(assert_return (invoke "f") (u32.const 1))
(assert_return (invoke "a") (u32.const 2))
(assert_return (invoke "g") (u32.const 2))
(assert_return (invoke "a") (u32.const 3))
(assert_return (invoke "f") (u32.const 2))
