(component
  (type $r (resource (rep i32)))
  (core module $m (func (export "f") (result i32) unreachable))
  (core instance $m (instantiate $m))
  (func $f (result (own $r)) (canon lift (core func $m "f")))
  (component $c
    (import "level" (type $l (sub resource)))
    (import "make" (func $f (result (own $l))))
    (export $l2 "level" (type $l))
    (export "[constructor]level" (func $f) (func (result (own $l2)))))
  (instance $i (instantiate $c (with "level" (type $r)) (with "make" (func $f))))
  (export "demo:log/types" (instance $i)))
