;;! instance lib
(module
  ;; What is set first, whatever happens, is not made zero.
  (func (export "sum") (param $n i32) (result i32)
    (local $sum i32)
    (local $by i32)
    (local.set $by (i32.const 2))
    (if (i32.and (local.get $n) (i32.const 1))
      (then (local.set $sum (i32.mul (local.get $n) (local.get $by)))))
    (i32.add (local.get $sum) (i32.const 100)))
  (func (export "set-maybe") (param $n i32) (result f64)
    (local $x f64)
    (local $y f64)
    (if (local.get $n) (then (local.set $x (f64.const 1.5)) (local.set $y (f64.const 8))))
    (f64.add (local.get $x) (local.get $y))))
;;! library lib
;;! instance user
(module
  (import "lib" "sum" (func $sum (param i32) (result i32)))
  (import "lib" "set-maybe" (func $maybe (param i32) (result f64)))
  (func (export "sums") (param $n i32) (result i32)
    (local $all i32)
    (loop $next
      (local.set $all (i32.add (local.get $all) (call $sum (local.get $n))))
      (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $all))
  (func (export "both") (result f64)
    (f64.add (call $maybe (i32.const 1)) (call $maybe (i32.const 0)))))
;;! inline into user
;;! export sums = user.sums
;;! export both = user.both
;;! call sums 3
;;! call both
