;; Two instances of a component that makes a handle of the host's and returns its index.
(component
  (import "host" (instance $host
    (export "r" (type $r (sub resource)))
    (export "make" (func (result (own $r))))))
  (alias export $host "r" (type $r))
  (component $guest
    (import "r" (type $r (sub resource)))
    (import "make" (func $make (result (own $r))))
    (core func $make (canon lower (func $make)))
    (core module $m
      (import "" "make" (func $make (result i32)))
      (func (export "count") (result i32) (call $make)))
    (core instance $m (instantiate $m (with "" (instance (export "make" (func $make))))))
    (func (export "count") (result u32) (canon lift (core func $m "count"))))
  (instance $left (instantiate $guest (with "r" (type $r)) (with "make" (func $host "make"))))
  (instance $right (instantiate $guest (with "r" (type $r)) (with "make" (func $host "make"))))
  (export "left" (func $left "count"))
  (export "right" (func $right "count")))
