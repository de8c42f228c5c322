;; It may be instantiated as well, or seen through a type that says less.

(component
  (core module $m (func (export "f") (result i32) (i32.const 3)) (func (export "g")))
  (core type $less (module (export "f" (func (result i32)))))
  (component $c
    (core module $inner (memory (export "memory") 1))
    (export "inner" (core module $inner)))
  (instance $c (instantiate $c))
  (export "m" (core module $m))
  (export "less" (core module $m) (core module (type $less)))
  (export "inside" (instance $c))
  (core instance $i (instantiate $m))
  (func (export "f") (result u32) (canon lift (core func $i "f"))))

(assert_return (invoke "f") (u32.const 3))
