;; A component and a core module are exported by one instance and passed to another, which
;; instantiates each of them twice, with its own arguments.

(component definition $C
  (component $maker
    (component $scale
      (import "by" (func $by (result u32)))
      (core func $by (canon lower (func $by)))
      (core module $m
        (import "" "by" (func $by (result i32)))
        (global $calls (mut i32) (i32.const 0))
        (func (export "f") (param i32) (result i32)
          (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
          (i32.add (global.get $calls) (i32.mul (local.get 0) (call $by)))))
      (core instance $m (instantiate $m (with "" (instance (export "by" (func $by))))))
      (func (export "f") (param "x" u32) (result u32) (canon lift (core func $m "f"))))
    (core module $constant
      (import "" "base" (global $base i32))
      (func (export "get") (result i32) (global.get $base)))
    (export "scale" (component $scale))
    (export "constant" (core module $constant)))
  (instance $maker (instantiate $maker))
  (component $user
    (import "scale" (component $scale
      (import "by" (func (result u32)))
      (export "f" (func (param "x" u32) (result u32)))))
    (import "constant" (core module $constant
      (import "" "base" (global i32))
      (export "get" (func (result i32)))))
    (component $numbers
      (import "constant" (core module $constant
        (import "" "base" (global i32))
        (export "get" (func (result i32)))))
      (core module $bases
        (global (export "two") i32 (i32.const 2))
        (global (export "ten") i32 (i32.const 10)))
      (core instance $bases (instantiate $bases))
      (core instance $two (instantiate $constant
        (with "" (instance (export "base" (global $bases "two"))))))
      (core instance $ten (instantiate $constant
        (with "" (instance (export "base" (global $bases "ten"))))))
      (func (export "two") (result u32) (canon lift (core func $two "get")))
      (func (export "ten") (result u32) (canon lift (core func $ten "get"))))
    (instance $numbers (instantiate $numbers (with "constant" (core module $constant))))
    (instance $double (instantiate $scale (with "by" (func $numbers "two"))))
    (instance $decuple (instantiate $scale (with "by" (func $numbers "ten"))))
    (export "double" (func $double "f"))
    (export "decuple" (func $decuple "f")))
  (instance $user (instantiate $user
    (with "scale" (component $maker "scale"))
    (with "constant" (core module $maker "constant"))))
  (component $caller
    (import "double" (func $double (param "x" u32) (result u32)))
    (import "decuple" (func $decuple (param "x" u32) (result u32)))
    (core func $double (canon lower (func $double)))
    (core func $decuple (canon lower (func $decuple)))
    (core module $m
      (import "" "double" (func $double (param i32) (result i32)))
      (import "" "decuple" (func $decuple (param i32) (result i32)))
      (func (export "f") (param i32) (result i32)
        (call $double (call $decuple (call $decuple (local.get 0))))))
    (core instance $m (instantiate $m (with "" (instance
      (export "double" (func $double)) (export "decuple" (func $decuple))))))
    (func (export "f") (param "x" u32) (result u32) (canon lift (core func $m "f"))))
  (instance $caller (instantiate $caller
    (with "double" (func $user "double")) (with "decuple" (func $user "decuple"))))
  (export "f" (func $caller "f")))

(component instance $i $C)

;; ((3 * 10 + 1) * 10 + 2) * 2 + 1: each counts its own calls
(assert_return (invoke "f" (u32.const 3)) (u32.const 625))

;; ((3 * 10 + 3) * 10 + 4) * 2 + 2
(assert_return (invoke "f" (u32.const 3)) (u32.const 670))
