(component
  (import "host" (instance $host
    (export "r" (type $r (sub resource)))
    (export "pair" (func (result (tuple (own $r) u64 (own $r)))))
    (export "swap" (func (param "a" (own $r)) (param "text" string) (param "b" (option (own $r)))
      (result (own $r))))
    (export "look" (func (param "a" (borrow $r)) (param "text" string) (result u32)))
    ;; through the bridge
    (export "named" (func (result (tuple (own $r) string))))
    (export "all" (func (param "list" (list (borrow $r))) (result u32)))
    ;; and on
  ))
  (alias export $host "r" (type $r))
  (component $guest
    (import "r" (type $r (sub resource)))
    (import "pair" (func $pair (result (tuple (own $r) u64 (own $r)))))
    (import "swap" (func $swap (param "a" (own $r)) (param "text" string)
      (param "b" (option (own $r))) (result (own $r))))
    (import "look" (func $look (param "a" (borrow $r)) (param "text" string) (result u32)))
    ;; through the bridge
    (import "named" (func $named (result (tuple (own $r) string))))
    (import "all" (func $all (param "list" (list (borrow $r))) (result u32)))
    ;; and on
    (core module $memory
      (memory (export "memory") 1)
      (global $next (mut i32) (i32.const 4096))
      (global $at (export "forge at") (mut i32) (i32.const 0))
      (global $number (export "forge") (mut i32) (i32.const 0))
      (data (i32.const 512) "some text")
      (func (export "realloc") (param i32 i32 i32 i32) (result i32)
        (if (global.get $at)
          (then (i32.store (global.get $at) (global.get $number))))
        (global.set $next
          (i32.and
            (i32.add (global.get $next) (i32.sub (local.get 2) (i32.const 1)))
            (i32.sub (i32.const 0) (local.get 2))))
        (global.get $next)
        (global.set $next (i32.add (global.get $next) (local.get 3)))
        (if (i32.gt_u (global.get $next) (i32.const 65000))
          (then (global.set $next (i32.const 4096))))))
    (core instance $memory (instantiate $memory))
    (alias core export $memory "memory" (core memory $m))
    (alias core export $memory "realloc" (core func $realloc))
    (core func $pair (canon lower (func $pair) (memory $m)))
    (core func $swap (canon lower (func $swap) (memory $m)))
    (core func $look (canon lower (func $look) (memory $m)))
    ;; through the bridge
    (core func $named (canon lower (func $named) (memory $m) (realloc $realloc)))
    (core func $all (canon lower (func $all) (memory $m)))
    ;; and on
    (core func $drop (canon resource.drop $r))
    (core module $main
      (import "" "memory" (memory 1))
      (import "" "pair" (func $pair (param i32)))
      (import "" "swap" (func $swap (param i32 i32 i32 i32 i32) (result i32)))
      (import "" "look" (func $look (param i32 i32 i32) (result i32)))
      ;; through the bridge
      (import "" "named" (func $named (param i32)))
      (import "" "all" (func $all (param i32 i32) (result i32)))
      (import "" "forge at" (global $at (mut i32)))
      (import "" "forge" (global $number (mut i32)))
      ;; and on
      (import "" "drop" (func $drop (param i32)))
      ;; two numbers as one
      (func $both (param $a i32) (param $b i32) (result i32)
        (i32.add (i32.mul (local.get $a) (i32.const 1000)) (local.get $b)))
      (func (export "pair") (result i32)
        (call $pair (i32.const 64))
        (i32.add
          (call $both (i32.load (i32.const 64)) (i32.load (i32.const 80)))
          (i32.mul (i32.load (i32.const 72)) (i32.const 1000000))))
      ;; the handle that the next function uses is kept at 128
      (func (export "swap") (result i32)
        (i32.store (i32.const 128)
          (call $swap (i32.load (i32.const 64)) (i32.const 512) (i32.const 9) (i32.const 1)
            (i32.load (i32.const 80))))
        (i32.load (i32.const 128)))
      (func (export "swap-one") (result i32)
        ;; what an absent payload is filled with is nobody's handle
        (i32.store (i32.const 128)
          (call $swap (i32.load (i32.const 128)) (i32.const 512) (i32.const 4) (i32.const 0)
            (i32.const 99)))
        (i32.load (i32.const 128)))
      (func (export "look") (result i32)
        (call $look (i32.load (i32.const 128)) (i32.const 512) (i32.const 4)))
      (func (export "all") (result i32)
        (i32.store (i32.const 132) (i32.load (i32.const 128)))
        ;; through the bridge
        (drop (call $all (i32.const 128) (i32.const 2)))
        ;; and on
        (call $both (i32.load (i32.const 128)) (i32.load (i32.const 132))))
      (func (export "many") (param i32) (result i32)
        ;; the handles, and some of the numbers between
        (call $both
          (call $both (i32.load (local.get 0)) (i32.load offset=68 (local.get 0)))
          (call $both (i32.load offset=4 (local.get 0)) (i32.load offset=64 (local.get 0)))))
      (func (export "some") (param i32 i32 i32 i32 i32) (result i32)
        (call $both
          (call $both (local.get 0) (i32.load8_u (local.get 1)))
          (if (result i32) (local.get 3)
            (then (local.get 4) (call $drop (local.get 4)))
            (else (i32.const 999)))))
      ;; through the bridge
      (func (export "back") (result i32)
        (i32.store (i32.const 256) (i32.load (i32.const 128)))
        (i32.store (i32.const 260) (i32.const 77))
        (i32.const 256))
      (func (export "forge") (param i32) (result i32)
        (global.set $at (i32.const 64))
        (global.set $number (local.get 0))
        (call $named (i32.const 64))
        (global.set $at (i32.const 0))
        (drop (call $look (i32.load (i32.const 64)) (i32.const 512) (i32.const 4)))
        (i32.load (i32.const 64)))
      ;; and on
      (func (export "area") (result i32)
        (call $both (i32.load (i32.const 256)) (i32.load (i32.const 64)))))
    (core instance $main (instantiate $main (with "" (instance
      (export "memory" (memory $m))
      (export "pair" (func $pair))
      (export "swap" (func $swap))
      (export "look" (func $look))
      ;; through the bridge
      (export "named" (func $named))
      (export "all" (func $all))
      (export "forge at" (global $memory "forge at"))
      (export "forge" (global $memory "forge"))
      ;; and on
      (export "drop" (func $drop))))))
    (func (export "pair") (result u32) (canon lift (core func $main "pair")))
    (func (export "swap") (result u32) (canon lift (core func $main "swap")))
    (func (export "swap-one") (result u32) (canon lift (core func $main "swap-one")))
    (func (export "look") (result u32) (canon lift (core func $main "look")))
    (func (export "all") (result u32) (canon lift (core func $main "all")))
    (func (export "many")
      (param "a" (own $r))
      (param "n0" u32) (param "n1" u32) (param "n2" u32) (param "n3" u32)
      (param "n4" u32) (param "n5" u32) (param "n6" u32) (param "n7" u32)
      (param "n8" u32) (param "n9" u32) (param "n10" u32) (param "n11" u32)
      (param "n12" u32) (param "n13" u32) (param "n14" u32) (param "n15" u32)
      (param "b" (own $r))
      (result u32)
      (canon lift (core func $main "many") (memory $m) (realloc $realloc)))
    (func (export "some") (param "a" (own $r)) (param "text" string)
      (param "b" (option (own $r))) (result u32)
      (canon lift (core func $main "some") (memory $m) (realloc $realloc)))
    ;; through the bridge
    (func (export "back") (result (tuple (own $r) u32))
      (canon lift (core func $main "back") (memory $m)))
    (func (export "forge") (param "number" u32) (result u32)
      (canon lift (core func $main "forge")))
    ;; and on
    (func (export "area") (result u32) (canon lift (core func $main "area"))))
  (instance $left (instantiate $guest (with "r" (type $r)) (with "pair" (func $host "pair"))
    (with "swap" (func $host "swap")) (with "look" (func $host "look"))
    ;; through the bridge
    (with "named" (func $host "named")) (with "all" (func $host "all"))
    ;; and on
  ))
  (instance $right (instantiate $guest (with "r" (type $r)) (with "pair" (func $host "pair"))
    (with "swap" (func $host "swap")) (with "look" (func $host "look"))
    ;; through the bridge
    (with "named" (func $host "named")) (with "all" (func $host "all"))
    ;; and on
  ))
  (export "left" (instance $left))
  (export "right" (instance $right)))
