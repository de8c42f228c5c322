;; What handles cost: `maker` defines a resource, `user` calls its constructor and a method, and gives
;; the handles to `keeper`, which drops them. Each phase works on as many handles as it is told.
(component
  (component $maker
    (core module $destructor
      (global $live (export "live") (mut i32) (i32.const 0))
      (func (export "destroy") (param i32)
        (global.set $live (i32.sub (global.get $live) (i32.const 1)))))
    (core instance $destructor (instantiate $destructor))
    (type $R (resource (rep i32) (dtor (core func $destructor "destroy"))))
    (export $r "r" (type $R))
    (core func $new (canon resource.new $R))
    (core module $m
      (import "" "live" (global $live (mut i32)))
      (import "" "new" (func $new (param i32) (result i32)))
      (func (export "make") (param i32) (result i32)
        (global.set $live (i32.add (global.get $live) (i32.const 1)))
        (call $new (local.get 0)))
      (func (export "look") (param i32) (result i32) (local.get 0))
      (func (export "live") (result i32) (global.get $live)))
    (core instance $m (instantiate $m (with "" (instance
      (export "live" (global $destructor "live")) (export "new" (func $new))))))
    (func (export "make") (param "rep" u32) (result (own $r)) (canon lift (core func $m "make")))
    (func (export "look") (param "x" (borrow $r)) (result u32) (canon lift (core func $m "look")))
    (func (export "live") (result u32) (canon lift (core func $m "live"))))
  (instance $maker (instantiate $maker))
  (alias export $maker "r" (type $r))

  (component $keeper
    (import "r" (type $r (sub resource)))
    (core func $drop (canon resource.drop $r))
    (core module $m
      (import "" "drop" (func $drop (param i32)))
      (memory 100)
      (global $kept (mut i32) (i32.const 0))
      (func (export "keep") (param i32)
        (i32.store (i32.shl (global.get $kept) (i32.const 2)) (local.get 0))
        (global.set $kept (i32.add (global.get $kept) (i32.const 1))))
      (func (export "drop") (param $count i32)
        (loop $next
          (global.set $kept (i32.sub (global.get $kept) (i32.const 1)))
          (call $drop (i32.load (i32.shl (global.get $kept) (i32.const 2))))
          (local.set $count (i32.sub (local.get $count) (i32.const 1)))
          (br_if $next (local.get $count)))))
    (core instance $m (instantiate $m (with "" (instance (export "drop" (func $drop))))))
    (func (export "keep") (param "x" (own $r)) (canon lift (core func $m "keep")))
    (func (export "drop") (param "count" u32) (canon lift (core func $m "drop"))))
  (instance $keeper (instantiate $keeper (with "r" (type $r))))

  (component $user
    (import "r" (type $r (sub resource)))
    (import "make" (func $make (param "rep" u32) (result (own $r))))
    (import "look" (func $look (param "x" (borrow $r)) (result u32)))
    (import "keep" (func $keep (param "x" (own $r))))
    (core func $make (canon lower (func $make)))
    (core func $look (canon lower (func $look)))
    (core func $keep (canon lower (func $keep)))
    (core module $m
      (import "" "make" (func $make (param i32) (result i32)))
      (import "" "look" (func $look (param i32) (result i32)))
      (import "" "keep" (func $keep (param i32)))
      (memory 100)
      (func (export "constructor") (param $count i32)
        (loop $next
          (local.set $count (i32.sub (local.get $count) (i32.const 1)))
          (i32.store (i32.shl (local.get $count) (i32.const 2)) (call $make (local.get $count)))
          (br_if $next (local.get $count))))
      (func (export "method") (param $count i32)
        (loop $next
          (local.set $count (i32.sub (local.get $count) (i32.const 1)))
          (if
            (i32.ne
              (call $look (i32.load (i32.shl (local.get $count) (i32.const 2))))
              (local.get $count))
            (then (unreachable)))
          (br_if $next (local.get $count))))
      (func (export "transfer") (param $count i32)
        (loop $next
          (local.set $count (i32.sub (local.get $count) (i32.const 1)))
          (call $keep (i32.load (i32.shl (local.get $count) (i32.const 2))))
          (br_if $next (local.get $count)))))
    (core instance $m (instantiate $m (with "" (instance
      (export "make" (func $make)) (export "look" (func $look)) (export "keep" (func $keep))))))
    (func (export "constructor") (param "count" u32) (canon lift (core func $m "constructor")))
    (func (export "method") (param "count" u32) (canon lift (core func $m "method")))
    (func (export "transfer") (param "count" u32) (canon lift (core func $m "transfer"))))
  (instance $user (instantiate $user (with "r" (type $r)) (with "make" (func $maker "make"))
    (with "look" (func $maker "look")) (with "keep" (func $keeper "keep"))))
  (export "constructor" (func $user "constructor"))
  (export "method" (func $user "method"))
  (export "transfer" (func $user "transfer"))
  (export "drop" (func $keeper "drop"))
  (export "live" (func $maker "live")))
