;; The destructor and whoever is lent a handle get the rep as it was, 0 and the greatest, too.

(component definition $C
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
  (component $user
    (import "definer" (instance $definer
      (export "r" (type $r (sub resource)))
      (export "make" (func (param "rep" u32) (result (own $r))))
      (export "get" (func (param "x" (borrow $r)) (result u32)))))
    (alias export $definer "r" (type $r))
    (core func $make (canon lower (func $definer "make")))
    (core func $get (canon lower (func $definer "get")))
    (core func $drop (canon resource.drop $r))
    (core module $m
      (import "" "make" (func $make (param i32) (result i32)))
      (import "" "get" (func $get (param i32) (result i32)))
      (import "" "drop" (func $drop (param i32)))
      (func (export "run") (param i32) (result i32)
        (local $h i32)
        (local.set $h (call $make (local.get 0)))
        (call $get (local.get $h))
        (call $drop (local.get $h))))
    (core instance $m (instantiate $m (with "" (instance
      (export "make" (func $make)) (export "get" (func $get)) (export "drop" (func $drop))))))
    (func (export "run") (param "rep" u32) (result u32) (canon lift (core func $m "run"))))
  (instance $user (instantiate $user (with "definer" (instance $definer))))
  (export "run" (func $user "run")))

(component instance $i $C)
(assert_return (invoke "run" (u32.const 0)) (u32.const 0))
(assert_return (invoke "run" (u32.const 1)) (u32.const 1))
(assert_return (invoke "run" (u32.const 0x7fffffff)) (u32.const 0x7fffffff))
(assert_return (invoke "run" (u32.const 0x80000000)) (u32.const 0x80000000))
(assert_return (invoke "run" (u32.const 0xffffffff)) (u32.const 0xffffffff))
