;;! instance a
(module
  (rec (type $x (struct (field i32))) (type $y (struct (field i64))))
  (func (export "x") (result anyref) (struct.new $x (i32.const 1))))
;;! instance b
(module
  (type $x (struct (field i32)))
  (import "a" "x" (func $make (result anyref)))
  (func (export "is") (result i32) (ref.test (ref $x) (call $make))))
;;! export is = b.is
;;! call is
