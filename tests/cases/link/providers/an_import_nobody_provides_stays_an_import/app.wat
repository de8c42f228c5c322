;; One import of each kind, the types with all that they refer to.
(component $app
  (type $point (record (field "x" u32) (field "y" u32)))
  (import "point" (type $p (eq $point)))
  (import "file" (type $file (sub resource)))
  (type $area (func (param "at" (list $p)) (param "in" (borrow $file)) (result f64)))
  (import "area" (func (type $area)))
  (import "demo:log/sink" (instance $sink
    (export "level" (type $level (sub resource)))
    (export "write" (func (param "l" (borrow $level)) (param "text" string)))))
  (alias export $sink "level" (type $level))
  (import "demo:log/setup" (instance
    (alias outer $app $level (type $l))
    (export "level" (type $l2 (eq $l)))
    (export "make" (func (result (own $l2))))))
  (core type $sig (module (import "a" "b" (func (param i32))) (export "c" (memory 1))))
  (import "code" (core module (type $sig)))
  (import "part" (component (import "x" (func)) (export "y" (func))))
  (import "demo:log/sink-two" (instance (export "tick" (func)))))
