;;! instance a
(module
  (tag $e (export "e") (param i32))
  (func (export "throw") (param i32) (throw $e (local.get 0))))
;;! instance b
(module
  (import "a" "e" (tag $e (param i32)))
  (import "a" "throw" (func $throw (param i32)))
  (tag $own (param i32))
  (func (export "own") (param i32) (throw $own (local.get 0)))
  (func (export "run") (param i32) (result i32)
    (block $h (result i32)
      (try_table (result i32) (catch $e $h)
        (call $throw (local.get 0)) (i32.const -1)))))
;;! instance c
(module
  (import "a" "e" (tag $e (param i32)))
  (import "b" "own" (func $own (param i32)))
  (import "host" "tag" (tag $host (param i64)))
  (func (export "other") (param i32) (result i32)
    (block $h (result i32)
      (block $i (result i64)
        (try_table (result i32) (catch $e $h) (catch $host $i)
          (call $own (local.get 0)) (i32.const -1))
        (return))
      (i32.wrap_i64))))
;;! export run = b.run
;;! export other = c.other
;;! call run 5
;;! call other 5
