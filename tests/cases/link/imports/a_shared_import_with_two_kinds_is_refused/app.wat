(component
  (import "tick" (func))
  (import "demo:log/sink" (instance (export "flush" (func)))))
