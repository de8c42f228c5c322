;; Makes with the one interface, uses with the other.
(component
  (import "my:pkg/first" (instance $first
    (export "r" (type $r (sub resource)))
    (export "make" (func (param "rep" u32) (result (own $r))))
    (export "dropped" (func (result u32)))))
  (alias export $first "r" (type $r))
  (import "my:pkg/second" (instance $second
    (alias outer 1 $r (type $outer))
    (export "thing" (type $thing (eq $outer)))
    (export "twice" (func (param "x" (borrow $thing)) (result u32)))
    (export "choose" (func (param "x" (own $thing)) (param "y" (own $thing)) (param "first" bool)
      (result (own $thing))))))
  (core func $make (canon lower (func $first "make")))
  (core func $dropped (canon lower (func $first "dropped")))
  (core func $twice (canon lower (func $second "twice")))
  (core func $choose (canon lower (func $second "choose")))
  (alias export $second "thing" (type $thing))
  (core func $drop (canon resource.drop $thing))
  (core module $m
    (import "" "make" (func $make (param i32) (result i32)))
    (import "" "dropped" (func $dropped (result i32)))
    (import "" "twice" (func $twice (param i32) (result i32)))
    (import "" "choose" (func $choose (param i32 i32 i32) (result i32)))
    (import "" "drop" (func $drop (param i32)))
    (func (export "run") (result i32)
      (local $x i32)
      (local $result i32)
      (local.set $x
        (call $choose (call $make (i32.const 3)) (call $make (i32.const 50)) (i32.const 1)))
      ;; 50 is gone
      (local.set $result (i32.mul (call $dropped) (i32.const 1000000)))
      (local.set $result (i32.add (local.get $result)
        (i32.mul (call $twice (local.get $x)) (i32.const 1000))))
      (call $drop (local.get $x))
      (i32.add (local.get $result) (call $dropped))))
  (core instance $m (instantiate $m (with "" (instance
    (export "make" (func $make)) (export "dropped" (func $dropped)) (export "twice" (func $twice))
    (export "choose" (func $choose)) (export "drop" (func $drop))))))
  (func (export "run") (result u32) (canon lift (core func $m "run"))))
