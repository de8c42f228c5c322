;; `base` defines `float`. `wrapper` imports it, and exports a `float` of its own, whose rep is the
;; wrapper's handle of the base's. `user` uses the wrapper's.
(component
  (component $base
    (import "log" (func $log (param "x" u32)))
    (core func $log (canon lower (func $log)))
    (core module $destructor
      (import "" "log" (func $log (param i32)))
      (func (export "destroy") (param i32) (call $log (local.get 0))))
    (core instance $destructor (instantiate $destructor
      (with "" (instance (export "log" (func $log))))))
    (type $Float (resource (rep i32) (dtor (core func $destructor "destroy"))))
    (export $float "float" (type $Float))
    (core func $new (canon resource.new $Float))
    (core module $m
      (import "" "new" (func $new (param i32) (result i32)))
      (func (export "make") (param i32) (result i32) (call $new (local.get 0)))
      ;; a borrow is the rep here
      (func (export "get") (param i32) (result i32) (local.get 0)))
    (core instance $m (instantiate $m (with "" (instance (export "new" (func $new))))))
    (func (export "make") (param "value" u32) (result (own $float))
      (canon lift (core func $m "make")))
    (func (export "get") (param "self" (borrow $float)) (result u32)
      (canon lift (core func $m "get"))))
  (component $wrapper
    (import "base" (instance $base
      (export "float" (type $float (sub resource)))
      (export "make" (func (param "value" u32) (result (own $float))))
      (export "get" (func (param "self" (borrow $float)) (result u32)))))
    (alias export $base "float" (type $float))
    (core func $make (canon lower (func $base "make")))
    (core func $get (canon lower (func $base "get")))
    (core func $drop (canon resource.drop $float))
    (core module $destructor
      (import "" "drop" (func $drop (param i32)))
      (func (export "destroy") (param i32) (call $drop (local.get 0))))
    (core instance $destructor (instantiate $destructor
      (with "" (instance (export "drop" (func $drop))))))
    (type $Wrapped (resource (rep i32) (dtor (core func $destructor "destroy"))))
    (export $wrapped "float" (type $Wrapped))
    (core func $new (canon resource.new $Wrapped))
    (core module $m
      (import "" "make" (func $make (param i32) (result i32)))
      (import "" "get" (func $get (param i32) (result i32)))
      (import "" "new" (func $new (param i32) (result i32)))
      (func (export "make") (param i32) (result i32) (call $new (call $make (local.get 0))))
      ;; what it is lent is its rep: its own handle of the base's
      (func (export "get") (param i32) (result i32)
        (i32.mul (call $get (local.get 0)) (i32.const 2))))
    (core instance $m (instantiate $m (with "" (instance
      (export "make" (func $make)) (export "get" (func $get)) (export "new" (func $new))))))
    (func (export "make") (param "value" u32) (result (own $wrapped))
      (canon lift (core func $m "make")))
    (func (export "get") (param "self" (borrow $wrapped)) (result u32)
      (canon lift (core func $m "get"))))
  (component $user
    (import "wrapper" (instance $wrapper
      (export "float" (type $float (sub resource)))
      (export "make" (func (param "value" u32) (result (own $float))))
      (export "get" (func (param "self" (borrow $float)) (result u32)))))
    (alias export $wrapper "float" (type $float))
    (core func $make (canon lower (func $wrapper "make")))
    (core func $get (canon lower (func $wrapper "get")))
    (core func $drop (canon resource.drop $float))
    (core module $m
      (import "" "make" (func $make (param i32) (result i32)))
      (import "" "get" (func $get (param i32) (result i32)))
      (import "" "drop" (func $drop (param i32)))
      (func (export "run") (result i32)
        (local $h i32)
        (local $value i32)
        (local.set $h (call $make (i32.const 21)))
        (local.set $value (call $get (local.get $h)))
        (call $drop (local.get $h))
        (local.get $value)))
    (core instance $m (instantiate $m (with "" (instance
      (export "make" (func $make)) (export "get" (func $get)) (export "drop" (func $drop))))))
    (func (export "run") (result u32) (canon lift (core func $m "run"))))
  (import "log" (func $log (param "x" u32)))
  (instance $base (instantiate $base (with "log" (func $log))))
  (instance $wrapper (instantiate $wrapper (with "base" (instance $base))))
  (instance $user (instantiate $user (with "wrapper" (instance $wrapper))))
  (export "run" (func $user "run")))
