;; The trap of a destructor is that of the call in which the last owner drops.

(component definition $C
  (import "log" (func $log (param "x" u32)))
  (component $definer
    (import "log" (func $log (param "x" u32)))
    (core func $log (canon lower (func $log)))
    (core module $destructor
      (import "" "log" (func $log (param i32)))
      (func $destroy (export "destroy") (param i32) (call $log (local.get 0)) (unreachable)))
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
  (component $eater
    (import "r" (type $r (sub resource)))
    (core func $drop (canon resource.drop $r))
    (core module $m
      (import "" "drop" (func $drop (param i32)))
      (func (export "eat") (param i32) (call $drop (local.get 0))))
    (core instance $m (instantiate $m (with "" (instance
      (export "drop" (func $drop))))))
    (func (export "eat") (param "x" (own $r)) (canon lift (core func $m "eat"))))
  (instance $eater (instantiate $eater (with "r" (type $r))))
  (component $user
    (import "definer" (instance $definer
      (export "r" (type $r (sub resource)))
      (export "make" (func (param "rep" u32) (result (own $r))))
      (export "get" (func (param "x" (borrow $r)) (result u32)))))
    (alias export $definer "r" (type $r))
    (import "eat" (func $eat (param "x" (own $r))))
    (core func $make (canon lower (func $definer "make")))
    (core func $get (canon lower (func $definer "get")))
    (core func $eat (canon lower (func $eat)))
    (core func $drop (canon resource.drop $r))
    (core module $m
      (import "" "make" (func $make (param i32) (result i32)))
      (import "" "get" (func $get (param i32) (result i32)))
      (import "" "eat" (func $eat (param i32)))
      (import "" "drop" (func $drop (param i32)))
      (global $h (mut i32) (i32.const 0))
      (func (export "make") (global.set $h (call $make (i32.const 7))))
      (func (export "get") (result i32) (call $get (global.get $h)))
      (func (export "drop") (call $drop (global.get $h)))
      (func (export "give") (call $eat (global.get $h))))
    (core instance $m (instantiate $m (with "" (instance
      (export "make" (func $make)) (export "get" (func $get)) (export "eat" (func $eat))
      (export "drop" (func $drop))))))
    (func (export "make") (canon lift (core func $m "make")))
    (func (export "get") (result u32) (canon lift (core func $m "get")))
    (func (export "drop") (canon lift (core func $m "drop")))
    (func (export "give") (canon lift (core func $m "give"))))
  (instance $user (instantiate $user
    (with "definer" (instance $definer)) (with "eat" (func $eater "eat"))))
  (export "make" (func $user "make"))
  (export "get" (func $user "get"))
  (export "drop" (func $user "drop"))
  (export "give" (func $user "give")))

(component instance $drop $C)
(assert_return (invoke "make"))
(assert_return (invoke "get") (u32.const 7))
(assert_trap (invoke "drop") "unreachable")
(component instance $give $C)
(assert_return (invoke "make"))
(assert_trap (invoke "give") "unreachable")
