;; Lends one handle thirty thousand times at once.
(component
  (import "host" (instance $host
    (export "r" (type $r (sub resource)))
    (export "make" (func (result (own $r))))
    (export "look" (func (param "x" (borrow $r)) (result u32)))))
  (alias export $host "r" (type $r))
  (import "my:pkg/counter" (instance $counter
    (alias outer 1 $r (type $r))
    (export "count" (func (param "xs" (list (borrow $r))) (result u32)))))
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
  (core func $make (canon lower (func $host "make")))
  (core func $count (canon lower (func $counter "count")
    (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
  (core func $drop (canon resource.drop $r))
  (core module $m
    (import "libc" "memory" (memory 1))
    (import "" "make" (func $make (result i32)))
    (import "" "count" (func $count (param i32 i32) (result i32)))
    (import "" "drop" (func $drop (param i32)))
    (func (export "run") (result i32)
      (local $h i32) (local $at i32)
      (local.set $h (call $make))
      (local.set $at (i32.const 4096))
      (loop $next
        (i32.store (local.get $at) (local.get $h))
        (local.set $at (i32.add (local.get $at) (i32.const 4)))
        (br_if $next (i32.lt_u (local.get $at) (i32.const 124096))))
      (drop (call $count (i32.const 4096) (i32.const 30000)))
      (call $count (i32.const 4096) (i32.const 30000))
      (call $drop (local.get $h))))
  (core instance $m (instantiate $m (with "libc" (instance $libc)) (with "" (instance
    (export "make" (func $make)) (export "count" (func $count)) (export "drop" (func $drop))))))
  (func (export "run") (result u32) (canon lift (core func $m "run"))))
