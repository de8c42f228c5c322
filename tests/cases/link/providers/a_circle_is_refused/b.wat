(component
  (import "y" (func $y))
  (export "x" (func $y))
  (export "z" (func $y)))
