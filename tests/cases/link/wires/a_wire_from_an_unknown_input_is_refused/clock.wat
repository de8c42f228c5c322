(component (import "tick" (func $f)) (export "tock" (func $f)))
