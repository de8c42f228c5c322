;;! instance app/main
(module
  (memory $heap (export "heap") 1)
  (table $functions 1 funcref)
  (global $stack (mut i32) (i32.const 0))
  (tag $oops)
  (elem $init (i32.const 0) func $"core::fmt::write")
  (data $text (i32.const 0) "a")
  (func $"core::fmt::write")
  (func $_ZN4core3fmt5write17h0123456789abcdefE (export "run") (param $x i32)
    (local $y i32)
    (call_indirect (i32.const 0)) (global.set $stack (i32.const 1)) (throw $oops)))
;;! export run = app/main.run
;;! export heap = app/main.heap
;;! call run 1
