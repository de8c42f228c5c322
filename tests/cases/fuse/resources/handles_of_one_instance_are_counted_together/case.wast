;; An instance has one table for handles of all kinds, so no two of them have the same index: neither
;; those of a resource that it exports and of one that it keeps to itself, nor those of waitable sets.

(component definition $Resources
  (component $c
    (type $R (resource (rep i32)))
    (type $S (resource (rep i32)))
    (export $r "r" (type $R))
    (core func $make (canon resource.new $R))
    (core func $make-own (canon resource.new $S))
    (core func $drop (canon resource.drop $R))
    (core func $drop-own (canon resource.drop $S))
    (core func $rep-own (canon resource.rep $S))
    (core module $m
      (import "" "drop-own" (func $drop-own (param i32)))
      (func $drop-own-handle (export "drop-own") (param i32) (call $drop-own (local.get 0))))
    (core instance $m (instantiate $m (with "" (instance (export "drop-own" (func $drop-own))))))
    (func (export "give") (param "rep" u32) (result (own $r)) (canon lift (core func $make)))
    (func (export "make") (param "rep" u32) (result u32) (canon lift (core func $make)))
    (func (export "make-own") (param "rep" u32) (result u32) (canon lift (core func $make-own)))
    (func (export "drop") (param "handle" u32) (canon lift (core func $drop)))
    (func (export "drop-own") (param "handle" u32) (canon lift (core func $m "drop-own")))
    (func (export "rep-own") (param "handle" u32) (result u32) (canon lift (core func $rep-own))))
  (instance $c (instantiate $c))
  (export "r" (type $c "r"))
  (export "make" (func $c "make"))
  (export "make-own" (func $c "make-own"))
  (export "drop" (func $c "drop"))
  (export "drop-own" (func $c "drop-own"))
  (export "rep-own" (func $c "rep-own")))

(component instance $i $Resources)
(assert_return (invoke "make" (u32.const 10)) (u32.const 1))
(assert_return (invoke "make-own" (u32.const 20)) (u32.const 2))
(assert_return (invoke "drop" (u32.const 1)))
(assert_return (invoke "make-own" (u32.const 30)) (u32.const 1))
(assert_return (invoke "rep-own" (u32.const 2)) (u32.const 20))
(assert_return (invoke "rep-own" (u32.const 1)) (u32.const 30))

(component instance $j $Resources)
(assert_return (invoke "make" (u32.const 10)) (u32.const 1))
(assert_return (invoke "make-own" (u32.const 20)) (u32.const 2))
(assert_trap (invoke "drop-own" (u32.const 1)) "handle index 1 used with the wrong type")

(component definition $Waiting
  (type $S (resource (rep i32)))
  (core func $make (canon resource.new $S))
  (core func $drop (canon resource.drop $S))
  (core func $set (canon waitable-set.new))
  (core module $m
    (import "" "set" (func $set (result i32)))
    (import "" "drop" (func $drop (param i32)))
    (func (export "set") (result i32) (call $set))
    (func $drop-handle (export "drop") (param i32) (call $drop (local.get 0))))
  (core instance $m (instantiate $m (with "" (instance
    (export "set" (func $set)) (export "drop" (func $drop))))))
  (func (export "make") (param "rep" u32) (result u32) (canon lift (core func $make)))
  (func (export "drop") (param "handle" u32) (canon lift (core func $m "drop")))
  (func (export "set") (result u32) (canon lift (core func $m "set"))))

(component instance $k $Waiting)
(assert_return (invoke "set") (u32.const 1))
(assert_return (invoke "make" (u32.const 10)) (u32.const 2))
(assert_trap (invoke "drop" (u32.const 1)) "index 1 is not a resource")
