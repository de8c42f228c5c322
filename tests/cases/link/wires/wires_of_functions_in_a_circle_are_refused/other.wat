(component
  (import "y" (instance $y (export "f" (func)) (export "g" (func))))
  (export "x" (instance $y)))
