;; The world is that of the composition: functions, types and instances that nobody uses are
;; imported as before.

(component definition $C
  (import "unused" (func (param "x" string) (result (list u8))))
  (import "test:unused/types" (instance
    (type $t (record (field "a" u32)))
    (export "t" (type (eq $t)))
    (export "f" (func (param "x" u32)))))
  (type $r (record (field "a" string)))
  (import "r" (type (eq $r)))
  (component $counter
    (core module $m
      (global $total (mut i32) (i32.const 0))
      (func (export "add") (param i32) (result i32)
        (global.set $total (i32.add (global.get $total) (local.get 0)))
        (global.get $total)))
    (core instance $m (instantiate $m))
    (func (export "add") (param "x" u32) (result u32) (canon lift (core func $m "add"))))
  (instance $a (instantiate $counter))
  (export "add" (func $a "add")))

(component instance $i $C)

(assert_return (invoke "add" (u32.const 2)) (u32.const 2))
