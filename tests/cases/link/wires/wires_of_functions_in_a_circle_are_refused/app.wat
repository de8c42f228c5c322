(component
  (import "x" (instance $x (export "f" (func)) (export "g" (func))))
  (export "y" (instance $x)))
