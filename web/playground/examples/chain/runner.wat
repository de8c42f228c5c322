;; The outermost of the chain: makes a counter, bumps it so many times, drops it.
(component
  (import "chain:parts/counters@1.0.0" (instance $counters
    (export "counter" (type $counter (sub resource)))
    (export "[constructor]counter" (func (param "start" u32) (result (own $counter))))
    (export "[method]counter.bump" (func (param "self" (borrow $counter)) (result u32)))))
  (alias export $counters "counter" (type $counter))
  (core func $make (canon lower (func $counters "[constructor]counter")))
  (core func $bump (canon lower (func $counters "[method]counter.bump")))
  (core func $drop (canon resource.drop $counter))
  (core module $code
    (import "" "make" (func $make (param i32) (result i32)))
    (import "" "bump" (func $bump (param i32) (result i32)))
    (import "" "drop" (func $drop (param i32)))
    (func (export "count") (param $start i32) (param $times i32) (result i32)
      (local $counter i32) (local $total i32)
      (local.set $counter (call $make (local.get $start)))
      (local.set $total (local.get $start))
      (block $done
        (loop $again
          (br_if $done (i32.eqz (local.get $times)))
          (local.set $total (call $bump (local.get $counter)))
          (local.set $times (i32.sub (local.get $times) (i32.const 1)))
          (br $again)))
      (call $drop (local.get $counter))
      (local.get $total)))
  (core instance $code (instantiate $code
    (with "" (instance
      (export "make" (func $make)) (export "bump" (func $bump)) (export "drop" (func $drop))))))
  (func (export "count") (param "start" u32) (param "times" u32) (result u32)
    (canon lift (core func $code "count"))))
