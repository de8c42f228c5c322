;; Text must be that of a component.
(component
  (core module $m
    (func (export "f") (i32.konst 1))))
