;; One destructor is a function of the host, the other drops a handle of the host's resource.
(component
  (import "log" (func $log (param "x" u32)))
  (import "host" (instance $host
    (export "r" (type $r (sub resource)))
    (export "make" (func (result (own $r))))))
  (component $definer
    (import "log" (func $log (param "x" u32)))
    (import "host" (instance $host
      (export "r" (type $r (sub resource)))
      (export "make" (func (result (own $r))))))
    (alias export $host "r" (type $host-r))
    (core func $log (canon lower (func $log)))
    (core func $make (canon lower (func $host "make")))
    (core func $drop (canon resource.drop $host-r))
    (type $Logged (resource (rep i32) (dtor (core func $log))))
    (type $Wrapped (resource (rep i32) (dtor (core func $drop))))
    (export $logged "logged" (type $Logged))
    (export $wrapped "wrapped" (type $Wrapped))
    (core func $new-logged (canon resource.new $Logged))
    (core func $new-wrapped (canon resource.new $Wrapped))
    (core module $m
      (import "" "make" (func $make (result i32)))
      (import "" "new-wrapped" (func $new-wrapped (param i32) (result i32)))
      (func (export "make-wrapped") (result i32) (call $new-wrapped (call $make))))
    (core instance $m (instantiate $m (with "" (instance
      (export "make" (func $make)) (export "new-wrapped" (func $new-wrapped))))))
    (func (export "make-logged") (param "rep" u32) (result (own $logged))
      (canon lift (core func $new-logged)))
    (func (export "make-wrapped") (result (own $wrapped)) (canon lift (core func $m "make-wrapped"))))
  (instance $definer (instantiate $definer (with "log" (func $log)) (with "host" (instance $host))))
  (export "my:pkg/definer" (instance $definer)))
