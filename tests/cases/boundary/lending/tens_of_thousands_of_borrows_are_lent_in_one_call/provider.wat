;; What it is lent, `front` lends on to `counter`.
(component
  (import "host" (instance $host
    (export "r" (type $r (sub resource)))
    (export "make" (func (result (own $r))))
    (export "look" (func (param "x" (borrow $r)) (result u32)))))
  (alias export $host "r" (type $r))
  (component $counter
    (import "r" (type $r (sub resource)))
    (import "look" (func $look (param "x" (borrow $r)) (result u32)))
    (core module $libc
      (memory (export "memory") 8)
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
    (core func $look (canon lower (func $look)))
    (core func $drop (canon resource.drop $r))
    (core module $m
      (import "libc" "memory" (memory 1))
      (import "" "look" (func $look (param i32) (result i32)))
      (import "" "drop" (func $drop (param i32)))
      (func (export "look") (param i32) (result i32)
        (call $look (local.get 0))
        (call $drop (local.get 0)))
      ;; the greatest index of all that it is lent, which it drops
      (func (export "count") (param $at i32) (param $count i32) (result i32)
        (local $greatest i32)
        (local $h i32)
        (loop $next
          (local.set $h (i32.load (local.get $at)))
          (if (i32.gt_u (local.get $h) (local.get $greatest)) (then (local.set $greatest (local.get $h))))
          (call $drop (local.get $h))
          (local.set $at (i32.add (local.get $at) (i32.const 4)))
          (br_if $next (local.tee $count (i32.sub (local.get $count) (i32.const 1)))))
        (local.get $greatest)))
    (core instance $m (instantiate $m (with "libc" (instance $libc)) (with "" (instance
      (export "look" (func $look)) (export "drop" (func $drop))))))
    (func (export "look") (param "x" (borrow $r)) (result u32)
      (canon lift (core func $m "look")))
    (func (export "count") (param "xs" (list (borrow $r))) (result u32)
      (canon lift (core func $m "count")
        (memory (core memory $libc "memory")) (realloc (core func $libc "realloc")))))
  (instance $counter (instantiate $counter (with "r" (type $r)) (with "look" (func $host "look"))))
  (component $front
    (import "r" (type $r (sub resource)))
    (import "count" (func $count (param "xs" (list (borrow $r))) (result u32)))
    (core module $libc
      (memory (export "memory") 8)
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
    (core func $count (canon lower (func $count)
      (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
    (core func $drop (canon resource.drop $r))
    (core module $m
      (import "libc" "memory" (memory 1))
      (import "" "count" (func $count (param i32 i32) (result i32)))
      (import "" "drop" (func $drop (param i32)))
      (func (export "count") (param $at i32) (param $count i32) (result i32)
        (call $count (local.get $at) (local.get $count))
        (loop $next
          (call $drop (i32.load (local.get $at)))
          (local.set $at (i32.add (local.get $at) (i32.const 4)))
          (br_if $next (local.tee $count (i32.sub (local.get $count) (i32.const 1)))))))
    (core instance $m (instantiate $m (with "libc" (instance $libc)) (with "" (instance
      (export "count" (func $count)) (export "drop" (func $drop))))))
    (func (export "count") (param "xs" (list (borrow $r))) (result u32)
      (canon lift (core func $m "count")
        (memory (core memory $libc "memory")) (realloc (core func $libc "realloc")))))
  (instance $front (instantiate $front (with "r" (type $r)) (with "count" (func $counter "count"))))
  (export "my:pkg/counter" (instance $front)))
