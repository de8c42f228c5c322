;; `second` has the resource of `first`, and functions of another component.
(component
  (component $definer
    (core module $m
      (global $dropped (mut i32) (i32.const 0))
      (func (export "dtor") (param i32)
        (global.set $dropped (i32.add (global.get $dropped) (local.get 0))))
      (func (export "dropped") (result i32) (global.get $dropped)))
    (core instance $m (instantiate $m))
    (type $R (resource (rep i32) (dtor (core func $m "dtor"))))
    (export $r "r" (type $R))
    (core func $new (canon resource.new $R))
    (core module $k
      (import "" "new" (func $new (param i32) (result i32)))
      (func (export "make") (param i32) (result i32) (call $new (local.get 0)))
      (func (export "get") (param i32) (result i32) (local.get 0)))
    (core instance $k (instantiate $k (with "" (instance (export "new" (func $new))))))
    (func (export "make") (param "rep" u32) (result (own $r)) (canon lift (core func $k "make")))
    (func (export "get") (param "x" (borrow $r)) (result u32) (canon lift (core func $k "get")))
    (func (export "dropped") (result u32) (canon lift (core func $m "dropped"))))
  (component $user
    (import "r" (type $r (sub resource)))
    (import "get" (func $get (param "x" (borrow $r)) (result u32)))
    (core func $get (canon lower (func $get)))
    (core func $drop (canon resource.drop $r))
    (core module $m
      (import "" "get" (func $get (param i32) (result i32)))
      (import "" "drop" (func $drop (param i32)))
      (func (export "twice") (param i32) (result i32)
        (local $got i32)
        (local.set $got (i32.mul (call $get (local.get 0)) (i32.const 2)))
        (call $drop (local.get 0))
        (local.get $got))
      (func (export "choose") (param i32 i32 i32) (result i32)
        (call $drop (select (local.get 1) (local.get 0) (local.get 2)))
        (select (local.get 0) (local.get 1) (local.get 2))))
    (core instance $m (instantiate $m
      (with "" (instance (export "get" (func $get)) (export "drop" (func $drop))))))
    (func (export "twice") (param "x" (borrow $r)) (result u32) (canon lift (core func $m "twice")))
    (func (export "choose") (param "x" (own $r)) (param "y" (own $r)) (param "first" bool)
      (result (own $r)) (canon lift (core func $m "choose"))))
  (instance $definer (instantiate $definer))
  (alias export $definer "r" (type $r))
  (instance $user (instantiate $user (with "r" (type $r)) (with "get" (func $definer "get"))))
  (instance $first
    (export "r" (type $r))
    (export "make" (func $definer "make"))
    (export "dropped" (func $definer "dropped")))
  (instance $second
    (export "thing" (type $r))
    (export "twice" (func $user "twice"))
    (export "choose" (func $user "choose")))
  (export "my:pkg/first" (instance $first))
  (export "my:pkg/second" (instance $second)))
