;; Lends to one who keeps.
(component
  (import "log" (func $log (param "x" u32)))
  (import "my:pkg/api" (instance $api
    (export "r" (type $r (sub resource)))
    (export "make" (func (param "rep" u32) (result (own $r))))
    (export "get" (func (param "x" (borrow $r)) (result u32)))))
  (alias export $api "r" (type $r))
  (import "my:pkg/keeper" (instance $keeper
    (alias outer 1 $r (type $r))
    (export "look" (func (param "x" (borrow $r)) (result u32)))
    (export "keep" (func (param "x" (borrow $r)) (result u32)))))
  (core func $log (canon lower (func $log)))
  (core func $make (canon lower (func $api "make")))
  (core func $look (canon lower (func $keeper "look")))
  (core func $keep (canon lower (func $keeper "keep")))
  (core module $m
    (import "" "log" (func $log (param i32)))
    (import "" "make" (func $make (param i32) (result i32)))
    (import "" "look" (func $look (param i32) (result i32)))
    (import "" "keep" (func $keep (param i32) (result i32)))
    (func (export "run") (result i32)
      (local $h i32)
      (local.set $h (call $make (i32.const 7)))
      (call $log (call $look (local.get $h)))
      (call $log (call $look (local.get $h)))
      (call $keep (local.get $h))))
  (core instance $m (instantiate $m (with "" (instance
    (export "log" (func $log)) (export "make" (func $make)) (export "look" (func $look))
    (export "keep" (func $keep))))))
  (func (export "run") (result u32) (canon lift (core func $m "run"))))
