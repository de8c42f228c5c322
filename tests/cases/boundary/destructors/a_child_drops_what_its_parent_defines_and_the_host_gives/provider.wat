;; The root has code and a resource of its own, and a child that keeps handles of it.
(component
  (import "log" (func $log (param "x" u32)))
  (core func $log (canon lower (func $log)))
  (core module $destructor
    (import "" "log" (func $log (param i32)))
    (func (export "destroy") (param i32) (call $log (local.get 0))))
  (core instance $destructor (instantiate $destructor
    (with "" (instance (export "log" (func $log))))))
  (type $R (resource (rep i32) (dtor (core func $destructor "destroy"))))
  (export $r "r" (type $R))
  (core func $new (canon resource.new $R))
  (core module $m
    (import "" "new" (func $new (param i32) (result i32)))
    (func (export "make") (param i32) (result i32) (call $new (local.get 0)))
    (func (export "get") (param i32) (result i32) (local.get 0)))
  (core instance $m (instantiate $m (with "" (instance (export "new" (func $new))))))
  (func (export "make") (param "rep" u32) (result (own $r)) (canon lift (core func $m "make")))
  (func (export "get") (param "x" (borrow $r)) (result u32) (canon lift (core func $m "get")))
  (component $child
    (import "r" (type $r (sub resource)))
    (core func $drop (canon resource.drop $r))
    (core module $m
      (import "" "drop" (func $drop (param i32)))
      (global $kept (mut i32) (i32.const 0))
      (func (export "keep") (param i32)
        (if (global.get $kept) (then (call $drop (global.get $kept))))
        (global.set $kept (local.get 0)))
      (func (export "look") (param i32) (result i32)
        (call $drop (local.get 0))
        (local.get 0)))
    (core instance $m (instantiate $m (with "" (instance
      (export "drop" (func $drop))))))
    (func (export "keep") (param "x" (own $r)) (canon lift (core func $m "keep")))
    (func (export "look") (param "x" (borrow $r)) (result u32)
      (canon lift (core func $m "look"))))
  (instance $child (instantiate $child (with "r" (type $R))))
  (alias export $child "keep" (func $keep))
  (alias export $child "look" (func $look))
  (export "keep" (func $keep) (func (param "x" (own $r))))
  (export "look" (func $look) (func (param "x" (borrow $r)) (result u32))))
