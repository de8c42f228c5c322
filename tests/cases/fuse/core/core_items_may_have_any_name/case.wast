;; Names of core modules' imports and exports are any text, also none, and one item may have several.

(component
  (core module $m (@name "Größe \u{1f600}")
    (memory (export "") 1)
    (memory $x (export "mem") (export "mem2") (export "\u{0}\u{7f}é") 1)
    (func $"a \"name\"" (export "𝄞") (result i32) (i32.load8_u $x (i32.const 0)))
    (func (export "nul\00") (param i32) (i32.store8 $x (i32.const 0) (local.get 0)))
    (func (@name "") (export "e") (result i32) (i32.load8_u (i32.const 0)))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 16)))
  (core instance $m (instantiate $m))
  (core module $user
    (import "" "" (memory 1))
    (import "" "𝄞" (func $f (result i32)))
    (import "é" "é" (memory 1))
    (func (export "write") (result i32)
      (i32.store8 0 (i32.const 0) (i32.const 9))
      (i32.store8 1 (i32.const 0) (i32.const 8))
      (call $f)))
  (core instance $user (instantiate $user
    (with "" (instance $m))
    (with "é" (instance (export "é" (memory $m "mem2"))))))
  ;; It is lifted with the memory under one name, and reads it under another.
  (core module $reader
    (import "" "m" (memory 1))
    (func (export "f") (param i32 i32) (result i32)
      (i32.add (i32.load8_u (local.get 0)) (local.get 1))))
  (core instance $reader (instantiate $reader
    (with "" (instance (export "m" (memory $m "mem"))))))
  (func (export "write") (result u32) (canon lift (core func $user "write")))
  (func (export "e") (result u32) (canon lift (core func $m "e")))
  (func (export "set") (param "x" u32) (canon lift (core func $m "nul\00")))
  (func (export "get") (result u32) (canon lift (core func $m "𝄞")))
  (func (export "read") (param "x" string) (result u32)
    (canon lift (core func $reader "f")
      (memory (core memory $m "\u{0}\u{7f}é")) (realloc (core func $m "realloc")))))

(assert_return (invoke "write") (u32.const 8))
(assert_return (invoke "e") (u32.const 9))
(assert_return (invoke "set" (u32.const 77)))
(assert_return (invoke "get") (u32.const 77))
(assert_return (invoke "read" (str.const "AB")) (u32.const 67))
