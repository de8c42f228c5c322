(component
  (import "c" (func $f))
  (import "d" (func))
  (export "b" (func $f)))
