;; A root imports bare functions, an instance in an instance, a type and a resource, a guest uses
;; all of them, and the type and the resource are exported again.

(component definition $C
  (import "f" (func $f (param "x" u32) (result u32)))
  (import "outer" (instance $outer
    (export "g" (func (param "x" u32) (result u32)))
    (export "inner" (instance
      (export "h" (func (param "x" u32) (result u32)))))))
  (type $u32 u32)
  (import "number" (type $number (eq $u32)))
  (import "things" (instance $things
    (export "thing" (type $thing (sub resource)))
    (export "make" (func (result (own $thing))))
    (export "look" (func (param "it" (borrow $thing)) (result u32)))))
  (alias export $outer "inner" (instance $inner))
  (alias export $things "thing" (type $thing))
  (component $guest
    (import "f" (func $f (param "x" u32) (result u32)))
    (import "g" (func $g (param "x" u32) (result u32)))
    (import "h" (func $h (param "x" u32) (result u32)))
    (import "thing" (type $thing (sub resource)))
    (import "make" (func $make (result (own $thing))))
    (import "look" (func $look (param "it" (borrow $thing)) (result u32)))
    (core func $f (canon lower (func $f)))
    (core func $g (canon lower (func $g)))
    (core func $h (canon lower (func $h)))
    (core func $make (canon lower (func $make)))
    (core func $look (canon lower (func $look)))
    (core func $drop (canon resource.drop $thing))
    (core module $m
      (import "" "f" (func $f (param i32) (result i32)))
      (import "" "g" (func $g (param i32) (result i32)))
      (import "" "h" (func $h (param i32) (result i32)))
      (import "" "make" (func $make (result i32)))
      (import "" "look" (func $look (param i32) (result i32)))
      (import "" "drop" (func $drop (param i32)))
      (func (export "run") (param i32) (result i32)
        (local $thing i32)
        (local.set $thing (call $make))
        (drop (call $look (local.get $thing)))
        (call $drop (local.get $thing))
        (call $f (call $g (call $h (local.get 0))))))
    (core instance $m (instantiate $m (with "" (instance
      (export "f" (func $f)) (export "g" (func $g)) (export "h" (func $h))
      (export "make" (func $make)) (export "look" (func $look)) (export "drop" (func $drop))))))
    (func (export "run") (param "x" u32) (result u32) (canon lift (core func $m "run"))))
  (instance $guest (instantiate $guest
    (with "f" (func $f)) (with "g" (func $outer "g")) (with "h" (func $inner "h"))
    (with "thing" (type $thing)) (with "make" (func $things "make")) (with "look" (func $things "look"))))
  (export "run" (func $guest "run"))
  (export "number-again" (type $number))
  (export $thing-again "thing-again" (type $thing)))

(component instance $i $C)

(assert_return (invoke "run" (u32.const 3)) (u32.const 3))
