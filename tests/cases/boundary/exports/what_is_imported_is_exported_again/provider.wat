(component
  (import "f" (func $f (param "x" u32) (result u32)))
  (import "outer" (instance $outer
    (export "g" (func (param "x" u32) (result u32)))
    (export "inner" (instance
      (export "h" (func (param "x" u32) (result u32)))))))
  (import "things" (instance $things
    (export "thing" (type $thing (sub resource)))
    (export "make" (func (result (own $thing))))
    (export "look" (func (param "it" (borrow $thing)) (result u32)))))
  (alias export $outer "inner" (instance $inner))
  (alias export $things "thing" (type $thing))
  (component $guest
    (import "f" (func $f (param "x" u32) (result u32)))
    (core func $f (canon lower (func $f)))
    (core module $m
      (import "" "f" (func $f (param i32) (result i32)))
      (func (export "twice") (param i32) (result i32) (call $f (i32.mul (i32.const 2) (local.get 0)))))
    (core instance $m (instantiate $m (with "" (instance (export "f" (func $f))))))
    (func (export "twice") (param "x" u32) (result u32) (canon lift (core func $m "twice"))))
  (instance $guest (instantiate $guest (with "f" (func $inner "h"))))
  (export "twice" (func $guest "twice"))
  (export "f-again" (func $f))
  (export "h-again" (func $inner "h"))
  (export "outer-again" (instance $outer))
  (export "inner-again" (instance $inner))
  (export "things-again" (instance $things))
  (export $thing-again "thing-again" (type $thing))
  (export "look-again" (func $things "look")
    (func (param "it" (borrow $thing-again)) (result u32))))
