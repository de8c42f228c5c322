;; The code of a core module that the root imports is not there to be merged.
(component
  (import "m" (core module $m (export "f" (func))))
  (core instance $m (instantiate $m))
  (func (export "f") (canon lift (core func $m "f"))))
