;; `keeper` knows the resource of `definer`, but no function of either mentions both: handles of the
;; one only reach the other through whoever uses this. There, a borrow is a handle, which has to be
;; dropped; where the resource is defined, it would be the rep.
(component
  (component $definer
    (core module $destructor
      (global $sum (export "sum") (mut i32) (i32.const 0))
      (func (export "destroy") (param i32)
        (global.set $sum (i32.add (global.get $sum) (local.get 0)))))
    (core instance $destructor (instantiate $destructor))
    (type $R (resource (rep i32) (dtor (core func $destructor "destroy"))))
    (export $r "r" (type $R))
    (core func $new (canon resource.new $R))
    (core module $m
      (import "" "sum" (global $sum (mut i32)))
      (import "" "new" (func $new (param i32) (result i32)))
      (func (export "make") (param i32) (result i32) (call $new (local.get 0)))
      (func (export "look") (param i32) (result i32) (local.get 0))
      (func (export "destroyed") (result i32) (global.get $sum)))
    (core instance $m (instantiate $m (with "" (instance
      (export "sum" (global $destructor "sum")) (export "new" (func $new))))))
    (func (export "make") (param "rep" u32) (result (own $r)) (canon lift (core func $m "make")))
    (func (export "look") (param "x" (borrow $r)) (result u32) (canon lift (core func $m "look")))
    (func (export "destroyed") (result u32) (canon lift (core func $m "destroyed"))))
  (instance $definer (instantiate $definer))
  (alias export $definer "r" (type $r))
  (component $keeper
    (import "r" (type $r (sub resource)))
    (core func $drop (canon resource.drop $r))
    (core module $m
      (import "" "drop" (func $drop (param i32)))
      (global $kept (mut i32) (i32.const 0))
      ;; the index that it was lent
      (func (export "lend") (param i32) (result i32)
        (call $drop (local.get 0))
        (local.get 0))
      (func (export "keep") (param i32) (result i32)
        (if (global.get $kept) (then (call $drop (global.get $kept))))
        (global.set $kept (local.get 0))
        (local.get 0))
      (func (export "give-back") (result i32)
        (global.get $kept)
        (global.set $kept (i32.const 0))))
    (core instance $m (instantiate $m (with "" (instance (export "drop" (func $drop))))))
    (func (export "lend") (param "x" (borrow $r)) (result u32) (canon lift (core func $m "lend")))
    (func (export "keep") (param "x" (own $r)) (result u32) (canon lift (core func $m "keep")))
    (func (export "give-back") (result (own $r)) (canon lift (core func $m "give-back"))))
  (instance $keeper (instantiate $keeper (with "r" (type $r))))
  (instance $api
    (export "r" (type $r))
    (export "make" (func $definer "make"))
    (export "look" (func $definer "look"))
    (export "destroyed" (func $definer "destroyed"))
    (export "lend" (func $keeper "lend"))
    (export "keep" (func $keeper "keep"))
    (export "give-back" (func $keeper "give-back")))
  (export "my:pkg/api" (instance $api)))
