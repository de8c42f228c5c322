(component
  (core module $code
    (func (export "write") (param i32) (result i32) (i32.const 1))
    (func (export "flush") (result i32) (i32.const 2)))
  (core instance $instance (instantiate $code))
  (type $level (enum "low" "high"))
  (func $write (param "level" $level) (result u32) (canon lift (core func $instance "write")))
  (func $flush (result u32) (canon lift (core func $instance "flush")))
  (component $shell
    (type $kind (enum "low" "high"))
    (import "level" (type $level (eq $kind)))
    (import "write" (func $write (param "level" $level) (result u32)))
    (import "flush" (func $flush (result u32)))
    (export $l "level" (type $kind))
    (export "write" (func $write) (func (param "level" $l) (result u32)))
    (export "flush" (func $flush)))
  (instance $sink (instantiate $shell
    (with "level" (type $level)) (with "write" (func $write)) (with "flush" (func $flush))))
  (export "demo:log/sink" (instance $sink)))
