(component
  (import "demo:log/sink@0.2.9" (instance (export "flush" (func)))))
