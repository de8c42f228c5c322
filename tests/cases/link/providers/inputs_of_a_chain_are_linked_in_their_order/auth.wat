(component
  (import "demo:web/handler" (instance $next (export "go" (func))))
  (export "demo:web/handler" (instance $next)))
