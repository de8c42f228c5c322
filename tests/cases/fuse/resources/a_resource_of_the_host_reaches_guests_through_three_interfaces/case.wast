;; Three interfaces of the host hand one resource on, each under another name, and three guests know
;; it by one of these each.

(component definition $C
  (import "log" (func $log (param "x" u32)))
  (import "host:pkg/first" (instance $first
    (export "r" (type $r (sub resource)))
    (export "make" (func (result (own $r))))))
  (alias export $first "r" (type $r))
  (import "host:pkg/second" (instance $second
    (alias outer 1 $r (type $outer))
    (export "part" (type $part (eq $outer)))
    (export "look" (func (param "x" (borrow $part)) (result u32)))))
  (alias export $second "part" (type $part))
  (import "host:pkg/third" (instance $third
    (alias outer 1 $part (type $outer))
    (export "whole" (type $whole (eq $outer)))
    (export "take" (func (param "x" (own $whole))))
    (export "look-at-all" (func (param "xs" (list (borrow $whole))) (result u32)))))
  (alias export $third "whole" (type $whole))
  (component $looker
    (import "part" (type $part (sub resource)))
    (import "look" (func $look (param "x" (borrow $part)) (result u32)))
    (core func $look (canon lower (func $look)))
    (core func $drop (canon resource.drop $part))
    (core module $m
      (import "" "look" (func $look (param i32) (result i32)))
      (import "" "drop" (func $drop (param i32)))
      (func (export "look") (param i32) (result i32)
        (call $look (local.get 0))
        (call $drop (local.get 0))))
    (core instance $m (instantiate $m (with "" (instance
      (export "look" (func $look)) (export "drop" (func $drop))))))
    (func (export "look") (param "x" (borrow $part)) (result u32)
      (canon lift (core func $m "look"))))
  (instance $looker (instantiate $looker
    (with "part" (type $part)) (with "look" (func $second "look"))))
  (component $taker
    (import "whole" (type $whole (sub resource)))
    (import "look-at-all" (func $look-at-all (param "xs" (list (borrow $whole))) (result u32)))
    (import "take" (func $take (param "x" (own $whole))))
    (core module $libc
      (memory (export "memory") 4)
      (global $next (mut i32) (i32.const 4096))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32)
        (local $at i32)
        (local.set $at
          (i32.and
            (i32.add (global.get $next) (i32.sub (local.get 2) (i32.const 1)))
            (i32.sub (i32.const 0) (local.get 2))))
        (global.set $next (i32.add (local.get $at) (local.get 3)))
        (local.get $at)))
    (core instance $libc (instantiate $libc))
    (core func $look-at-all (canon lower (func $look-at-all)
      (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
    (core func $take (canon lower (func $take)))
    (core module $m
      (import "libc" "memory" (memory 1))
      (import "" "look-at-all" (func $look-at-all (param i32 i32) (result i32)))
      (import "" "take" (func $take (param i32)))
      (func (export "take") (param i32)
        (i32.store (i32.const 8) (local.get 0))
        (drop (call $look-at-all (i32.const 8) (i32.const 1)))
        (call $take (local.get 0))))
    (core instance $m (instantiate $m (with "libc" (instance $libc)) (with "" (instance
      (export "look-at-all" (func $look-at-all)) (export "take" (func $take))))))
    (func (export "take") (param "x" (own $whole)) (canon lift (core func $m "take"))))
  (instance $taker (instantiate $taker (with "whole" (type $whole))
    (with "look-at-all" (func $third "look-at-all")) (with "take" (func $third "take"))))
  (component $user
    (import "log" (func $log (param "x" u32)))
    (import "r" (type $r (sub resource)))
    (import "make" (func $make (result (own $r))))
    (import "look" (func $look (param "x" (borrow $r)) (result u32)))
    (import "take" (func $take (param "x" (own $r))))
    (core func $log (canon lower (func $log)))
    (core func $make (canon lower (func $make)))
    (core func $look (canon lower (func $look)))
    (core func $take (canon lower (func $take)))
    (core func $drop (canon resource.drop $r))
    (core module $m
      (import "" "log" (func $log (param i32)))
      (import "" "make" (func $make (result i32)))
      (import "" "look" (func $look (param i32) (result i32)))
      (import "" "take" (func $take (param i32)))
      (import "" "drop" (func $drop (param i32)))
      (func (export "run") (result i32)
        (local $a i32) (local $b i32)
        (local.set $a (call $make))
        (local.set $b (call $make))
        (call $log (call $look (local.get $b)))
        (call $take (local.get $a))
        (call $log (call $look (local.get $b)))
        (call $drop (local.get $b))
        (call $make)))
    (core instance $m (instantiate $m (with "" (instance
      (export "log" (func $log)) (export "make" (func $make)) (export "look" (func $look))
      (export "take" (func $take)) (export "drop" (func $drop))))))
    (func (export "run") (result u32) (canon lift (core func $m "run"))))
  (instance $user (instantiate $user (with "log" (func $log)) (with "r" (type $r))
    (with "make" (func $first "make")) (with "look" (func $looker "look")) (with "take" (func $taker "take"))))
  (export "run" (func $user "run")))

(component instance $i $C)
(assert_return (invoke "run") (u32.const 2))
(assert_return (invoke "run") (u32.const 3))
