(component (import "tick" (func)))
