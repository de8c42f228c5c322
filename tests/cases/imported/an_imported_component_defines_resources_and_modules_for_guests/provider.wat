(component
  (component $x
    (import "log" (func $log (param "n" u32)))
    (core func $log (canon lower (func $log)))
    (core module $dtor
      (import "" "log" (func $log (param i32)))
      (func (export "dtor") (param i32) (call $log (i32.add (i32.const 1000) (local.get 0)))))
    (core instance $dtor (instantiate $dtor (with "" (instance (export "log" (func $log))))))
    (type $thing (resource (rep i32) (dtor (core func $dtor "dtor"))))
    (core func $new (canon resource.new $thing))
    (core module $m
      (import "" "new" (func $new (param i32) (result i32)))
      (func (export "new") (param i32) (result i32) (call $new (local.get 0)))
      (func (export "get") (param i32) (result i32) (local.get 0)))
    (core instance $m (instantiate $m (with "" (instance (export "new" (func $new))))))
    (func $new (param "n" u32) (result (own $thing)) (canon lift (core func $m "new")))
    (func $get (param "self" (borrow $thing)) (result u32) (canon lift (core func $m "get")))
    (component $shell
      (import "thing" (type $thing (sub resource)))
      (import "new" (func $new (param "n" u32) (result (own $thing))))
      (import "get" (func $get (param "self" (borrow $thing)) (result u32)))
      (export $out "thing" (type $thing))
      (export "[constructor]thing" (func $new) (func (param "n" u32) (result (own $out))))
      (export "[method]thing.get" (func $get) (func (param "self" (borrow $out)) (result u32))))
    (instance $things (instantiate $shell
      (with "thing" (type $thing)) (with "new" (func $new)) (with "get" (func $get))))
    (export "things" (instance $things))
    (core module $table (func (export "square") (param i32) (result i32)
      (i32.mul (local.get 0) (local.get 0))))
    (export "table" (core module $table)))
  (export "x" (component $x)))
