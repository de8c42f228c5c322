(component
  (import "elsewhere" (func $f))
  (export "tock" (func $f)))
