;; line 4
(component $C
  (type (;0;) (list u8))
  (type (;1;) (func (param "x" string) (result 0)))
  (import "unused" (func (;0;) (type 1)))
  (type (;2;)
    (instance
      (type (;0;) (record (field "a" u32)))
      (export (;1;) "t" (type (eq 0)))
      (type (;2;) (func (param "x" u32)))
      (export (;0;) "f" (func (type 2)))
    )
  )
  (import "test:unused/types" (instance (;0;) (type 2)))
  (type (;3;) (record (field "a" string)))
  (import "r" (type (;4;) (eq 3)))
  (core module $fused (;0;)
    (type (;0;) (func (param i32) (result i32)))
    (global $a::total (;0;) (mut i32) i32.const 0)
    (export "add" (func 0))
    (func (;0;) (type 0) (param i32) (result i32)
      global.get $a::total
      local.get 0
      i32.add
      global.set $a::total
      global.get $a::total
    )
    (@producers
      (processed-by "wasm-fuser" "0.1.0")
    )
    (@custom "target_features" (after code) "\01+\0fmutable-globals")
  )
  (core instance $fused (;0;) (instantiate $fused))
  (type (;5;) (func (param "x" u32) (result u32)))
  (alias core export $fused "add" (core func (;0;)))
  (func (;1;) (type 5) (canon lift (core func 0)))
  (export (;2;) "add" (func 1))
  (@producers
    (processed-by "wasm-fuser" "0.1.0")
  )
)
