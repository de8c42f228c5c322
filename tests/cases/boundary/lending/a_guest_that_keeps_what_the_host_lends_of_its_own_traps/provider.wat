;; What `outer` is lent, it keeps; what it does with it before goes through `inner`.
(component
  (import "host" (instance $host
    (export "r" (type $r (sub resource)))
    (export "make" (func (result (own $r))))
    (export "look" (func (param "x" (borrow $r)) (result u32)))))
  (alias export $host "r" (type $r))
  (component $keeper
    (import "r" (type $r (sub resource)))
    (import "look" (func $look (param "x" (borrow $r)) (result u32)))
    (core func $look (canon lower (func $look)))
    (core func $drop (canon resource.drop $r))
    (core module $m
      (import "" "look" (func $look (param i32) (result i32)))
      (import "" "drop" (func $drop (param i32)))
      (func (export "look") (param i32) (result i32)
        (call $look (local.get 0))
        (call $drop (local.get 0)))
      (func (export "keep") (param i32) (result i32) (call $look (local.get 0))))
    (core instance $m (instantiate $m (with "" (instance
      (export "look" (func $look)) (export "drop" (func $drop))))))
    (func (export "look") (param "x" (borrow $r)) (result u32)
      (canon lift (core func $m "look")))
    (func (export "keep") (param "x" (borrow $r)) (result u32)
      (canon lift (core func $m "keep"))))
  (instance $inner (instantiate $keeper (with "r" (type $r)) (with "look" (func $host "look"))))
  (instance $outer (instantiate $keeper (with "r" (type $r)) (with "look" (func $inner "look"))))
  (export "my:pkg/keeper" (instance $outer)))
