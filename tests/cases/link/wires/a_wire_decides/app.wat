;; Both could provide `sink`; the wire of `tick` connects names that differ.
(component
  (import "demo:log/sink@1.0.0" (instance (export "flush" (func))))
  (import "tick" (func)))
