;; A function, and an interface.
(component
  (import "tick" (func $tick))
  (import "demo:log/sink" (instance (export "flush" (func))))
  (export "tock" (func $tick)))
