;; The type of an instance can be imported like one of values. Nothing in WIT does.
(component
  (type $instance (instance (export "f" (func))))
  (import "t" (type (eq $instance))))
