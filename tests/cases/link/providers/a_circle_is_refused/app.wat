(component
  (import "run" (func)))
