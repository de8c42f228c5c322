;; A destructor may be a function of the host, a built-in, and a function of another component, each
;; without a guest's code around it.

(component definition $C
  (import "log" (func $log (param "x" u32)))
  ;; the host's function is the destructor
  (component $inner
    (import "log" (func $log (param "x" u32)))
    (core func $log (canon lower (func $log)))
    (type $R (resource (rep i32) (dtor (core func $log))))
    (export $r "inner" (type $R))
    (core func $new (canon resource.new $R))
    (core module $m (import "" "new" (func $new (param i32) (result i32)))
      (func (export "make") (param i32) (result i32) (call $new (local.get 0))))
    (core instance $m (instantiate $m (with "" (instance (export "new" (func $new))))))
    (func (export "make") (param "rep" u32) (result (own $r)) (canon lift (core func $m "make"))))
  (instance $inner (instantiate $inner (with "log" (func $log))))
  ;; its rep is a handle of the other, and the destructor drops that
  (component $middle
    (import "inner" (instance $inner
      (export "inner" (type $r (sub resource)))
      (export "make" (func (param "rep" u32) (result (own $r))))))
    (alias export $inner "inner" (type $inner-r))
    (core func $make (canon lower (func $inner "make")))
    (core func $drop (canon resource.drop $inner-r))
    (type $R (resource (rep i32) (dtor (core func $drop))))
    (export $r "middle" (type $R))
    (core func $new (canon resource.new $R))
    (core module $m
      (import "" "make" (func $make (param i32) (result i32)))
      (import "" "new" (func $new (param i32) (result i32)))
      (func (export "make") (param i32) (result i32) (call $new (call $make (local.get 0)))))
    (core instance $m (instantiate $m (with "" (instance
      (export "make" (func $make)) (export "new" (func $new))))))
    (func (export "make") (param "rep" u32) (result (own $r)) (canon lift (core func $m "make")))
    (core func $drop-own (canon resource.drop $R))
    (core module $eater
      (import "" "drop" (func $drop (param i32)))
      (func (export "eat") (param i32) (call $drop (local.get 0))))
    (core instance $eater (instantiate $eater (with "" (instance (export "drop" (func $drop-own))))))
    (func (export "eat") (param "x" (own $r)) (canon lift (core func $eater "eat"))))
  (instance $middle (instantiate $middle (with "inner" (instance $inner))))
  ;; its rep is a handle again, and the destructor gives that to the function of another instance
  (component $outer
    (import "middle" (instance $middle
      (export "middle" (type $r (sub resource)))
      (export "make" (func (param "rep" u32) (result (own $r))))
      (export "eat" (func (param "x" (own $r))))))
    (core func $make (canon lower (func $middle "make")))
    (core func $eat (canon lower (func $middle "eat")))
    (type $R (resource (rep i32) (dtor (core func $eat))))
    (export $r "outer" (type $R))
    (core func $new (canon resource.new $R))
    (core module $m
      (import "" "make" (func $make (param i32) (result i32)))
      (import "" "new" (func $new (param i32) (result i32)))
      (func (export "make") (param i32) (result i32) (call $new (call $make (local.get 0)))))
    (core instance $m (instantiate $m (with "" (instance
      (export "make" (func $make)) (export "new" (func $new))))))
    (func (export "make") (param "rep" u32) (result (own $r)) (canon lift (core func $m "make"))))
  (instance $outer (instantiate $outer (with "middle" (instance $middle))))
  (component $user
    (import "outer" (instance $outer
      (export "outer" (type $r (sub resource)))
      (export "make" (func (param "rep" u32) (result (own $r))))))
    (alias export $outer "outer" (type $r))
    (core func $make (canon lower (func $outer "make")))
    (core func $drop (canon resource.drop $r))
    (core module $m
      (import "" "make" (func $make (param i32) (result i32)))
      (import "" "drop" (func $drop (param i32)))
      (func (export "run")
        (local $first i32)
        (local.set $first (call $make (i32.const 11)))
        (call $drop (call $make (i32.const 12)))
        (call $drop (local.get $first))))
    (core instance $m (instantiate $m (with "" (instance
      (export "make" (func $make)) (export "drop" (func $drop))))))
    (func (export "run") (canon lift (core func $m "run"))))
  (instance $user (instantiate $user (with "outer" (instance $outer))))
  (export "run" (func $user "run")))

(component instance $i $C)
(assert_return (invoke "run"))
(assert_return (invoke "run"))
