;; What the callee returns is narrowed, and traps, as a parameter does.

(component definition $S8
  (component $callee
    (core module $m
      (func (export "f") (param i32) (result i32) (local.get 0)))
    (core instance $m (instantiate $m))
    (func (export "f") (param "x" u32) (result s8) (canon lift (core func $m "f"))))
  (component $caller
    (import "f" (func $f (param "x" u32) (result s8)))
    (core func $f (canon lower (func $f)))
    (core module $m
      (import "" "f" (func $f (param i32) (result i32)))
      (func (export "raw") (param i32) (result i32) (call $f (local.get 0))))
    (core instance $m (instantiate $m
      (with "" (instance (export "f" (func $f))))))
    (func (export "raw") (param "x" u32) (result u32) (canon lift (core func $m "raw"))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller (with "f" (func $a "f"))))
  (export "raw" (func $b "raw")))

(component instance $i $S8)

(assert_return (invoke "raw" (u32.const 128)) (u32.const 4294967168))
(assert_return (invoke "raw" (u32.const 511)) (u32.const 4294967295))

(component definition $Bool
  (component $callee
    (core module $m
      (func (export "f") (param i32) (result i32) (local.get 0)))
    (core instance $m (instantiate $m))
    (func (export "f") (param "x" u32) (result bool) (canon lift (core func $m "f"))))
  (component $caller
    (import "f" (func $f (param "x" u32) (result bool)))
    (core func $f (canon lower (func $f)))
    (core module $m
      (import "" "f" (func $f (param i32) (result i32)))
      (func (export "raw") (param i32) (result i32) (call $f (local.get 0))))
    (core instance $m (instantiate $m
      (with "" (instance (export "f" (func $f))))))
    (func (export "raw") (param "x" u32) (result u32) (canon lift (core func $m "raw"))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller (with "f" (func $a "f"))))
  (export "raw" (func $b "raw")))

(component instance $i $Bool)

(assert_return (invoke "raw" (u32.const 7)) (u32.const 1))
(assert_return (invoke "raw" (u32.const 0)) (u32.const 0))

(component definition $Char
  (component $callee
    (core module $m
      (func (export "f") (param i32) (result i32) (local.get 0)))
    (core instance $m (instantiate $m))
    (func (export "f") (param "x" u32) (result char) (canon lift (core func $m "f"))))
  (component $caller
    (import "f" (func $f (param "x" u32) (result char)))
    (core func $f (canon lower (func $f)))
    (core module $m
      (import "" "f" (func $f (param i32) (result i32)))
      (func (export "raw") (param i32) (result i32) (call $f (local.get 0))))
    (core instance $m (instantiate $m
      (with "" (instance (export "f" (func $f))))))
    (func (export "raw") (param "x" u32) (result u32) (canon lift (core func $m "raw"))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller (with "f" (func $a "f"))))
  (export "raw" (func $b "raw")))

(component instance $i $Char)

(assert_return (invoke "raw" (u32.const 1114111)) (u32.const 1114111))

(component instance $i $Char)
(assert_trap (invoke "raw" (u32.const 0xd800)) "invalid `char` bit pattern")
