;;! instance lib
(module
  (import "host" "log" (func $log (param i32)))
  (global $count (mut i32) (i32.const 0))
  (func $tick (param $by i32)
    (global.set $count (i32.add (global.get $count) (local.get $by))))
  (func $loop (export "loop") (param $n i32)
    (loop $next
      (call $tick (local.get $n))
      (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1))))))
  ;; A loop without calls is as long as it is.
  (func (export "short") (param $n i32)
    (loop $next (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (call $tick (local.get $n)))
  (func (export "tell") (param $x i32)
    (if (local.get $x) (then (call $log (local.get $x)))))
  (func (export "surely") (param $n i32)
    (call $loop (local.get $n)))
  ;; This is short when it is short.
  (func (export "perhaps") (param $n i32)
    (if (local.get $n) (then (call $loop (local.get $n))))))
;;! library lib
;;! instance user
(module
  (import "lib" "loop" (func $loop (param i32)))
  (import "lib" "tell" (func $tell (param i32)))
  (import "lib" "surely" (func $surely (param i32)))
  (import "lib" "short" (func $short (param i32)))
  (import "lib" "perhaps" (func $perhaps (param i32)))
  (func (export "run") (param i32)
    (call $loop (local.get 0))
    (call $tell (local.get 0))
    (call $short (local.get 0))
    (call $surely (local.get 0))
    (call $perhaps (local.get 0))))
;;! inline into user
;;! export run = user.run
;;! call run 3
