;; Has the type from the inner instance, and uses it with the outer one.
(component
  (import "log" (func $log (param "x" u32)))
  (import "my:pkg/outer" (instance $outer
    (export "inner" (instance $inner
      (export "r" (type $r (sub resource)))
      (export "make" (func (param "rep" u32) (result (own $r))))))
    (alias export $inner "r" (type $r))
    (export "look" (func (param "x" (borrow $r)) (result u32)))
    (export "pass" (func (param "x" (own $r)) (result (own $r))))))
  (alias export $outer "inner" (instance $inner))
  (alias export $inner "r" (type $r))
  (core func $log (canon lower (func $log)))
  (core func $make (canon lower (func $inner "make")))
  (core func $look (canon lower (func $outer "look")))
  (core func $pass (canon lower (func $outer "pass")))
  (core func $drop (canon resource.drop $r))
  (core module $m
    (import "" "log" (func $log (param i32)))
    (import "" "make" (func $make (param i32) (result i32)))
    (import "" "look" (func $look (param i32) (result i32)))
    (import "" "pass" (func $pass (param i32) (result i32)))
    (import "" "drop" (func $drop (param i32)))
    (func (export "run") (result i32)
      (local $a i32) (local $b i32)
      (local.set $a (call $make (i32.const 3)))
      (local.set $b (call $pass (call $make (i32.const 4))))
      (call $log (call $look (local.get $b)))
      (call $drop (local.get $a))
      (call $look (call $pass (local.get $b)))))
  (core instance $m (instantiate $m (with "" (instance
    (export "log" (func $log)) (export "make" (func $make)) (export "look" (func $look))
    (export "pass" (func $pass)) (export "drop" (func $drop))))))
  (func (export "run") (result u32) (canon lift (core func $m "run"))))
