(component
  (import "x" (component $x (import "f" (func)) (export "g" (func))))
  (component $outer
    (import "x" (component $x (import "f" (func)) (export "g" (func))))
    (core module $m (func (export "f")))
    (core instance $m (instantiate $m))
    (func $f (canon lift (core func $m "f")))
    (instance $inner (instantiate $x (with "f" (func $f))))
    (export "g" (func $inner "g")))
  (instance $outer (instantiate $outer (with "x" (component $x))))
  (export "g" (func $outer "g")))
