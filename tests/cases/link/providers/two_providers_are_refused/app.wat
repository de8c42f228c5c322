(component
  (import "demo:log/sink@1.0.0" (instance (export "flush" (func)))))
