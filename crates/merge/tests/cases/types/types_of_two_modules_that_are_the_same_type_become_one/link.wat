;;! instance a
(module
  (rec (type $list (sub (struct (field $head i32) (field $tail (ref null $list)))))
       (type $fn (func (param (ref null $list)) (result i32))))
  (type $pair (sub final $list (struct (field i32) (field (ref null $list)) (field i32))))
  (table (export "table") 2 funcref)
  (elem (i32.const 0) func $sum)
  (func $sum (type $fn) (param (ref null $list)) (result i32)
    (if (result i32) (ref.is_null (local.get 0))
      (then (i32.const 0))
      (else (i32.add (struct.get $list $head (local.get 0))
                     (call $sum (struct.get $list $tail (local.get 0)))))))
  (func (export "pair") (param i32) (result anyref)
    (struct.new $pair (local.get 0) (struct.new $list (i32.const 2) (ref.null $list)) (i32.const 3))))
;;! instance b
(module
  (type $unrelated (func (param f64)))
  (rec (type $l (sub (struct (field i32) (field (ref null $l)))))
       (type $f (func (param (ref null $l)) (result i32))))
  (type $p (sub final $l (struct (field i32) (field (ref null $l)) (field i32))))
  (import "a" "pair" (func $pair (param i32) (result anyref)))
  (import "a" "table" (table 2 funcref))
  (func (export "sum") (param i32) (result i32)
    (call_indirect (type $f) (ref.cast (ref $p) (call $pair (local.get 0))) (i32.const 0))))
;;! export sum = b.sum
;;! call sum 40
