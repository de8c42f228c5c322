(component
  (import "d" (func $f))
  (export "c" (func $f)))
