;;! instance a
(module
  (type $s (struct (field i32) (field (ref null i31))))
  (type $arr (array i8))
  (import "host" "offset" (global $offset i32))
  (global $n i32 (i32.const 3))
  (global $null (export "null") (ref null $s) (ref.null $s))
  (global $s (export "s") (ref $s) (struct.new $s (global.get $n) (ref.i31 (i32.const 4))))
  (global $x externref (extern.convert_any (global.get $s)))
  (global $arr (ref $arr) (array.new $arr (global.get $offset) (i32.const 2)))
  (func (export "len") (result i32) (array.len (global.get $arr)))
  (func (export "extern") (result i32) (ref.is_null (global.get $x))))
;;! instance b
(module
  (type $other (func))
  (type $s (struct (field i32) (field (ref null i31))))
  (import "a" "s" (global $s (ref $s)))
  (import "a" "null" (global $null (ref null $s)))
  (table $t 2 (ref null $s) (global.get $null))
  (elem (table $t) (i32.const 0) (ref null $s) (global.get $s))
  (func (export "get") (param i32) (result i32) (struct.get $s 0 (table.get $t (local.get 0)))))
;;! export len = a.len
;;! export extern = a.extern
;;! export get = b.get
;;! call len
;;! call extern
;;! call get 0
;;! call get 1
