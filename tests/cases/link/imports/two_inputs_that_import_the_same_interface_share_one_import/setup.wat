(component
  (import "demo:log/sink@1.0.0" (instance $sink
    (export "level" (type $level (sub resource)))
    (export "write" (func (param "l" (borrow $level)) (param "text" string)))))
  (alias export $sink "level" (type $level))
  (core module $m (func (export "f") (result i32) unreachable))
  (core instance $m (instantiate $m))
  (func $f (result (own $level)) (canon lift (core func $m "f")))
  (component $shim
    (import "level" (type $l (sub resource)))
    (import "make" (func $make (result (own $l))))
    (export $l2 "level" (type $l))
    (export "make" (func $make) (func (result (own $l2)))))
  (instance $setup (instantiate $shim
    (with "level" (type $level)) (with "make" (func $f))))
  (export "demo:log/setup@1.0.0" (instance $setup)))
