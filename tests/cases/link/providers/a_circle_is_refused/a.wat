(component
  (import "x" (func $x))
  (import "z" (func $z))
  (export "run" (func $x))
  (export "y" (func $x)))
