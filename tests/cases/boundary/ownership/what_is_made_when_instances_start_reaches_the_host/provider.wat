;; `starter` makes and drops handles while it starts, and keeps one.
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
  (component $starter
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
      (global $kept (mut i32) (i32.const 0))
      (func $start
        (call $drop (call $make (i32.const 7)))
        (global.set $kept (call $make (i32.const 8)))
        (call $drop (call $make (call $get (global.get $kept)))))
      (start $start)
      (func (export "get") (result i32) (call $get (global.get $kept)))
      (func (export "swap") (param i32) (result i32)
        (global.get $kept)
        (global.set $kept (local.get 0))))
    (core instance $m (instantiate $m (with "" (instance
      (export "make" (func $make)) (export "get" (func $get)) (export "drop" (func $drop))))))
    (func (export "get") (result u32) (canon lift (core func $m "get")))
    (func (export "swap") (param "x" (own $r)) (result (own $r))
      (canon lift (core func $m "swap"))))
  (instance $starter (instantiate $starter (with "definer" (instance $definer))))
  (export "my:pkg/api" (instance $definer))
  (export "my:pkg/starter" (instance $starter)))
