;; Engines trap at a call between an instance and one that it contains. Fused, the two would be side by
;; side.
(component
  (import "x" (component $x (export "f" (func))))
  (instance $x (instantiate $x))
  (core func $f (canon lower (func $x "f")))
  (core module $m
    (import "" "f" (func $f))
    (func (export "run") (call $f)))
  (core instance $m (instantiate $m (with "" (instance (export "f" (func $f))))))
  (func (export "run") (canon lift (core func $m "run"))))
