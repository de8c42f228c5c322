;;! instance a
(module
  (type $s (struct (field i32)))
  (global (export "s") (ref $s) (struct.new $s (i32.const 3))))
;;! instance b
(module
  (type $s (struct (field i32)))
  (import "a" "s" (global $s (ref $s)))
  (table $t 2 (ref $s) (global.get $s))
  (func (export "get") (param i32) (result i32) (struct.get $s 0 (table.get $t (local.get 0)))))
;;! export get = b.get
