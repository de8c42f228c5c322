(component
  (import "y" (func $y))
  (export "x" (func $y)))
