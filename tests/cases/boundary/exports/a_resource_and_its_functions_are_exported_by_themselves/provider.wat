;; The root exports a resource type, and functions over it, that are in no interface.
(component
  (import "log" (func $log (param "x" u32)))
  (component $definer
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
    (func (export "get") (param "x" (borrow $r)) (result u32) (canon lift (core func $m "get"))))
  (instance $definer (instantiate $definer (with "log" (func $log))))
  (alias export $definer "r" (type $r))
  (component $looker
    (import "r" (type $r (sub resource)))
    (import "get" (func $get (param "x" (borrow $r)) (result u32)))
    (core func $get (canon lower (func $get)))
    (core func $drop (canon resource.drop $r))
    (core module $m
      (import "" "get" (func $get (param i32) (result i32)))
      (import "" "drop" (func $drop (param i32)))
      (func (export "look") (param i32) (result i32)
        (i32.mul (call $get (local.get 0)) (i32.const 2))
        (call $drop (local.get 0)))
      (func (export "pass") (param i32) (result i32) (local.get 0)))
    (core instance $m (instantiate $m (with "" (instance
      (export "get" (func $get)) (export "drop" (func $drop))))))
    (func (export "look") (param "x" (borrow $r)) (result u32)
      (canon lift (core func $m "look")))
    (func (export "pass") (param "x" (own $r)) (result (own $r))
      (canon lift (core func $m "pass"))))
  (instance $looker (instantiate $looker (with "r" (type $r)) (with "get" (func $definer "get"))))
  (export $thing "thing" (type $r))
  (export "make" (func $definer "make") (func (param "rep" u32) (result (own $thing))))
  (export "look" (func $looker "look") (func (param "x" (borrow $thing)) (result u32)))
  (export "pass" (func $looker "pass") (func (param "x" (own $thing)) (result (own $thing)))))
