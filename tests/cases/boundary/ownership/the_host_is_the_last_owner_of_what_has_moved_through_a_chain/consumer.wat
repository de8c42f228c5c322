;; Drops one of two, and returns what was dropped before and after that.
(component
  (import "my:pkg/api" (instance $api
    (export "r" (type $r (sub resource)))
    (export "make" (func (param "rep" u32) (result (own $r))))
    (export "dropped" (func (result u32)))))
  (alias export $api "r" (type $r))
  (core func $make (canon lower (func $api "make")))
  (core func $dropped (canon lower (func $api "dropped")))
  (core func $drop (canon resource.drop $r))
  (core module $m
    (import "" "make" (func $make (param i32) (result i32)))
    (import "" "dropped" (func $dropped (result i32)))
    (import "" "drop" (func $drop (param i32)))
    (func (export "run") (result i32)
      (local $one i32)
      (local $before i32)
      (local.set $one (call $make (i32.const 40)))
      (drop (call $make (i32.const 700)))
      (local.set $before (call $dropped))
      (call $drop (local.get $one))
      (i32.add (i32.mul (local.get $before) (i32.const 10000)) (call $dropped))))
  (core instance $m (instantiate $m (with "" (instance
    (export "make" (func $make)) (export "dropped" (func $dropped)) (export "drop" (func $drop))))))
  (func (export "run") (result u32) (canon lift (core func $m "run"))))
