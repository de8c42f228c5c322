(component $sink
  (import "demo:log/types" (instance $types (export "level" (type (sub resource)))))
  (alias export $types "level" (type $level))
  (core module $m (func (export "f") (param i32)))
  (core instance $m (instantiate $m))
  (func $f (param "l" (borrow $level)) (canon lift (core func $m "f")))
  (component $c
    (import "level" (type $l (sub resource)))
    (import "write" (func $f (param "l" (borrow $l))))
    (export $l2 "level" (type $l))
    (export "write" (func $f) (func (param "l" (borrow $l2)))))
  (instance $i (instantiate $c (with "level" (type $level)) (with "write" (func $f))))
  (export "demo:log/sink" (instance $i)))
