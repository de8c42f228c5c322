;; What `definer` makes goes through two instances of `middle` before the host has it.
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
  (component $middle
    (import "r" (type $r (sub resource)))
    (import "make" (func $make (param "rep" u32) (result (own $r))))
    (import "get" (func $get (param "x" (borrow $r)) (result u32)))
    (core func $make (canon lower (func $make)))
    (core func $get (canon lower (func $get)))
    (core module $m
      (import "" "make" (func $make (param i32) (result i32)))
      (import "" "get" (func $get (param i32) (result i32)))
      (func (export "make") (param i32) (result i32)
        (local $made i32)
        (local.set $made (call $make (i32.add (local.get 0) (i32.const 1))))
        (if (i32.ne (call $get (local.get $made)) (call $get (local.get $made)))
          (then unreachable))
        (local.get $made)))
    (core instance $m (instantiate $m
      (with "" (instance (export "make" (func $make)) (export "get" (func $get))))))
    (func (export "make") (param "rep" u32) (result (own $r)) (canon lift (core func $m "make"))))
  (instance $definer (instantiate $definer))
  (alias export $definer "r" (type $r))
  (instance $first (instantiate $middle
    (with "r" (type $r)) (with "make" (func $definer "make")) (with "get" (func $definer "get"))))
  (instance $second (instantiate $middle
    (with "r" (type $r)) (with "make" (func $first "make")) (with "get" (func $definer "get"))))
  (instance $api
    (export "r" (type $r))
    (export "make" (func $second "make"))
    (export "dropped" (func $definer "dropped")))
  (export "my:pkg/api" (instance $api)))
