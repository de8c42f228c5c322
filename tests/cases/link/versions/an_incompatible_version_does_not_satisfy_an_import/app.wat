(component
  (import "demo:log/sink@0.2.0" (instance (export "flush" (func)))))
