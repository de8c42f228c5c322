;; Its imports are not the result's, and that two inputs export `tock` is no matter.
(component
  (import "tock" (func))
  (import "elsewhere" (func)))
