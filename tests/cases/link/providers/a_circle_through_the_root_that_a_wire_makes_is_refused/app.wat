(component
  (import "x" (func $x))
  (export "y" (func $x)))
