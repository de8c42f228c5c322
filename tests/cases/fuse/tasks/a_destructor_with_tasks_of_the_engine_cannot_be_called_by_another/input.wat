;; To drop a resource is to call the instance that defines it.
(component
  (component $definer
    (core func $yield (canon thread.yield))
    (core module $m
      (import "" "yield" (func $yield (result i32)))
      (func (export "dtor") (param i32) (drop (call $yield))))
    (core instance $m (instantiate $m (with "" (instance (export "yield" (func $yield))))))
    (type $r (resource (rep i32) (dtor (core func $m "dtor"))))
    (export "r" (type $r)))
  (component $user
    (import "r" (type $r (sub resource)))
    (core func $drop (canon resource.drop $r))
    (core module $m (import "" "drop" (func (param i32))))
    (core instance (instantiate $m (with "" (instance (export "drop" (func $drop)))))))
  (instance $a (instantiate $definer))
  (instance $b (instantiate $user (with "r" (type $a "r")))))
