;;! instance lib
(module
  (table (export "table") 2 funcref)
  (func $add (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func $less (export "less") (param i32 i32) (result i32) (i32.sub (local.get 0) (local.get 1)))
  (func $none (export "none") (result i32) (i32.const 5))
  (func $only (export "only") (result i32) (i32.const 6))
  (elem (i32.const 0) $add)
  (elem declare func $less))
;;! library lib
;;! instance guest
(module
  (import "lib" "none" (func $none (result i32)))
  (func (export "none") (result i32) (call $none)))
;;! instance user
(module
  (import "lib" "add" (func $add (param i32 i32) (result i32)))
  (import "lib" "less" (func $less (param i32 i32) (result i32)))
  (import "lib" "none" (func $none (result i32)))
  (import "lib" "only" (func $only (result i32)))
  (import "lib" "table" (table 2 funcref))
  (type $binary (func (param i32 i32) (result i32)))
  (elem declare func $less)
  (func (export "run") (result i32)
    (table.set (i32.const 1) (ref.func $less))
    (i32.add (call $only)
      (i32.add (call $none)
        (i32.add
          (call_indirect (type $binary) (i32.const 30) (i32.const 4) (i32.const 1))
          (i32.add
            (call_indirect (type $binary) (i32.const 30) (i32.const 4) (i32.const 0))
            (call $add (call $less (i32.const 2) (i32.const 1)) (i32.const 1))))))))
;;! inline into user
;;! export run = user.run
;;! export none = guest.none
;;! call run
;;! call none
