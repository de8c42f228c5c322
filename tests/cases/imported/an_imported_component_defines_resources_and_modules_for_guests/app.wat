;; A resource of the imported component goes from one guest to another, and a core module that it exports
;; is instantiated in a guest.
(component
  (import "log" (func $log (param "n" u32)))
  (import "x" (component $x
    (import "log" (func (param "n" u32)))
    (export "things" (instance
      (export "thing" (type $thing (sub resource)))
      (export "[constructor]thing" (func (param "n" u32) (result (own $thing))))
      (export "[method]thing.get" (func (param "self" (borrow $thing)) (result u32)))))
    (export "table" (core module (export "square" (func (param i32) (result i32)))))))
  (instance $x (instantiate $x (with "log" (func $log))))
  (alias export $x "things" (instance $things))

  (component $maker
    (import "things" (instance $things
      (export "thing" (type $thing (sub resource)))
      (export "[constructor]thing" (func (param "n" u32) (result (own $thing))))))
    (alias export $things "thing" (type $thing))
    (core func $new (canon lower (func $things "[constructor]thing")))
    (core module $m
      (import "" "new" (func $new (param i32) (result i32)))
      (func (export "make") (param i32) (result i32)
        (drop (call $new (i32.const 7)))
        (call $new (local.get 0))))
    (core instance $m (instantiate $m (with "" (instance (export "new" (func $new))))))
    (func (export "make") (param "n" u32) (result (own $thing)) (canon lift (core func $m "make"))))
  (instance $maker (instantiate $maker (with "things" (instance $things))))

  (component $user
    (import "things" (instance $things
      (export "thing" (type $thing (sub resource)))
      (export "[method]thing.get" (func (param "self" (borrow $thing)) (result u32)))))
    (alias export $things "thing" (type $thing))
    (import "make" (func $make (param "n" u32) (result (own $thing))))
    (import "table" (core module $table (export "square" (func (param i32) (result i32)))))
    (core func $get (canon lower (func $things "[method]thing.get")))
    (core func $make (canon lower (func $make)))
    (core func $drop (canon resource.drop $thing))
    (core instance $table (instantiate $table))
    (core module $m
      (import "" "get" (func $get (param i32) (result i32)))
      (import "" "make" (func $make (param i32) (result i32)))
      (import "" "drop" (func $drop (param i32)))
      (import "table" "square" (func $square (param i32) (result i32)))
      (func (export "run") (result i32)
        (local $it i32)
        (local.set $it (call $make (i32.const 12)))
        (i32.add
          (i32.mul (i32.const 1000) (local.get $it))
          (call $square (call $get (local.get $it))))
        (call $drop (local.get $it))))
    (core instance $m (instantiate $m (with "table" (instance $table)) (with "" (instance
      (export "get" (func $get)) (export "make" (func $make)) (export "drop" (func $drop))))))
    (func (export "run") (result u32) (canon lift (core func $m "run"))))
  (instance $user (instantiate $user
    (with "things" (instance $things)) (with "make" (func $maker "make"))
    (with "table" (core module $x "table"))))
  (export "things" (instance $things))
  (export "run" (func $user "run")))
