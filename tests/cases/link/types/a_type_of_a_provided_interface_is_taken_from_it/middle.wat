(component
  (import "demo:both/inner" (instance $inner
    (export "thing" (type (sub resource)))
    (export "[constructor]thing" (func (result (own 0))))))
  (alias export $inner "thing" (type $t))
  (import "thing" (type $inner-thing (eq $t)))
  (type $thing (resource (rep i32)))
  (core module $code
    (import "" "new" (func $new (param i32) (result i32)))
    (func (export "constructor") (result i32) (call $new (i32.const 1)))
    (func (export "pass") (param i32) (result i32) (local.get 0)))
  (core func $new (canon resource.new $thing))
  (core instance $code (instantiate $code (with "" (instance (export "new" (func $new))))))
  (func $constructor (result (own $thing)) (canon lift (core func $code "constructor")))
  (component $shell
    (import "thing" (type $thing (sub resource)))
    (import "constructor" (func $constructor (result (own $thing))))
    (export $own "thing" (type $thing))
    (export "[constructor]thing" (func $constructor) (func (result (own $own)))))
  (instance $things (instantiate $shell
    (with "thing" (type $thing)) (with "constructor" (func $constructor))))
  (export $exported "demo:both/things" (instance $things))
  (alias export $exported "thing" (type $own))
  (func (export "pass") (param "x" (own $own)) (result (own $own))
    (canon lift (core func $code "pass"))))
