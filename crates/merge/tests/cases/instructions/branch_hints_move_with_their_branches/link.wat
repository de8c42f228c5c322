;;! instance a
(module
  (import "host" "ping" (func $ping))
  (memory 1)
  (func $unused (param i32)
    (@metadata.code.branch_hint "\01") (if (local.get 0) (then (call $ping))))
  (func (export "a") (param i32)
    (call $ping)
    (i32.store (i32.const 0) (local.get 0))
    (@metadata.code.branch_hint "\00") (if (local.get 0) (then (call $ping)))))
;;! instance b
(module
  (import "a" "a" (func $a (param i32)))
  (memory 1)
  (func (export "b") (param i32)
    (drop (i32.load offset=4 (local.get 0)))
    (block $out
      (@metadata.code.branch_hint "\01") (br_if $out (local.get 0))
      (i32.store (i32.const 8) (i32.const 1)))
    (call $a (local.get 0))
    (@metadata.code.branch_hint "\00") (if (i32.load (i32.const 8)) (then (call $a (i32.const 0))))))
;;! export b = b.b
;;! call b 0
;;! call b 1
