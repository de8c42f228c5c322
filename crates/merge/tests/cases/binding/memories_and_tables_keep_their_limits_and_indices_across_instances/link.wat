;;! instance a
(module
  (table (export "refs") 1 3 externref)
  (table (export "funcs") 2 4 funcref)
  (memory (export "big") i64 1 3))
;;! instance b
(module
  (import "a" "funcs" (table $funcs 1 funcref))
  (import "a" "big" (memory $big i64 1))
  (table $own 5 externref)
  (memory $small 1 1)
  (func $f (result i32) (i32.const 4))
  (elem declare func $f)
  (func (export "sizes") (result i32 i32 i64 i32)
    (table.size $funcs) (table.size $own) (memory.size $big) (memory.size $small))
  (func (export "grow") (result i32 i64 i32)
    (table.grow $funcs (ref.func $f) (i32.const 2))
    (memory.grow $big (i64.const 2))
    (memory.grow $small (i32.const 1)))
  (func (export "copy") (result i32)
    (table.copy $funcs $funcs (i32.const 0) (i32.const 2) (i32.const 1))
    (memory.copy $big $small (i64.const 0) (i32.const 0) (i32.const 8))
    (call_indirect $funcs (result i32) (i32.const 0))))
;;! export sizes = b.sizes
;;! export grow = b.grow
;;! export copy = b.copy
;;! call sizes
;;! call grow
;;! call grow
;;! call sizes
;;! call copy
