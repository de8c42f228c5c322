(component
  (import "demo:log/sink@1.2.0" (instance (export "flush" (func)))))
