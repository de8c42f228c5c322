;;! instance lib
(module
  (func (export "one") (result i32) (i32.const 1))
  (func (export "two") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1))))
;;! library lib
;;! instance user
(module
  (import "lib" "one" (func $one (result i32)))
  (import "lib" "two" (func $two (param i32) (result i32)))
  (tag $e (param i32))
  (func (export "run") (param i32) (result i32)
    (block (loop (if (local.get 0) (then))))
    (block $caught (result i32)
      (try_table (catch $e $caught)
        (throw $e (call $one)))
      unreachable)
    call $two))
;;! inline into user
;;! export run = user.run
;;! call run 3
