(component
  (import "b" (func $f))
  (export "a" (func $f)))
