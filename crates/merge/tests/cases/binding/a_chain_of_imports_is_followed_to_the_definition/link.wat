;;! instance a
(module (func (export "f") (result i32) (i32.const 4)) (global (export "g") (mut i32) (i32.const 1)))
;;! instance b
(module
  (import "a" "f" (func (result i32))) (import "a" "g" (global (mut i32)))
  (export "f2" (func 0)) (export "g2" (global 0)))
;;! instance c
(module
  (import "b" "f2" (func $f (result i32))) (import "b" "g2" (global $g (mut i32)))
  (func (export "run") (result i32)
    (global.set $g (i32.add (global.get $g) (call $f)))
    (global.get $g)))
;;! export run = c.run
;;! export g = b.g2
;;! call run
;;! call run
