(component
  (import "tick" (func)))
