;; The result holds one core module, and that is not for others to instantiate.
(component
  (core module $m (func (export "f")))
  (export "m" (core module $m)))
