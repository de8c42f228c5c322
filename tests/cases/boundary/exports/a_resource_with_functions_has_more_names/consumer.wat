(component
  (import "my:pkg/api" (instance $api
    (export "fields" (type $fields (sub resource)))
    (export "headers" (type $headers (eq $fields)))
    (export "trailers" (type $trailers (eq $fields)))
    (export "[constructor]fields" (func (param "rep" u32) (result (own $fields))))
    (export "[method]fields.get" (func (param "self" (borrow $fields)) (result u32)))
    (export "make-trailers" (func (param "rep" u32) (result (own $trailers))))
    (export "sum" (func (param "x" (borrow $headers)) (param "y" (borrow $trailers)) (result u32)))))
  (core func $make (canon lower (func $api "[constructor]fields")))
  (core func $make-trailers (canon lower (func $api "make-trailers")))
  (core func $get (canon lower (func $api "[method]fields.get")))
  (core func $sum (canon lower (func $api "sum")))
  (core module $m
    (import "" "make" (func $make (param i32) (result i32)))
    (import "" "make-trailers" (func $make-trailers (param i32) (result i32)))
    (import "" "get" (func $get (param i32) (result i32)))
    (import "" "sum" (func $sum (param i32 i32) (result i32)))
    (func (export "run") (result i32)
      (local $fields i32) (local $trailers i32)
      (local.set $fields (call $make (i32.const 5)))
      (local.set $trailers (call $make-trailers (i32.const 20)))
      (i32.add
        (i32.mul (call $get (local.get $trailers)) (i32.const 100))
        (call $sum (local.get $fields) (local.get $trailers)))))
  (core instance $m (instantiate $m (with "" (instance
    (export "make" (func $make)) (export "make-trailers" (func $make-trailers))
    (export "get" (func $get)) (export "sum" (func $sum))))))
  (func (export "run") (result u32) (canon lift (core func $m "run"))))
