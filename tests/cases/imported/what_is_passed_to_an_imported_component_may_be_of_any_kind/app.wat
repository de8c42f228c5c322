;; An instance with a type and functions over it, a type, a core module, and a component. The imported
;; component is instantiated in a component that it is passed to, and what it exports are values with
;; names at the root.
(component
  (import "x" (component $x
    (type $point' (record (field "x" s16) (field "y" s16)))
    (import "point" (type $point (eq $point')))
    (import "ops" (instance
      (alias outer 1 $point (type $p'))
      (export "point" (type $p (eq $p')))
      (export "flip" (func (param "p" $p) (result $p)))))
    (import "code" (core module (export "add" (func (param i32 i32) (result i32)))))
    (import "inner" (component
      (import "n" (func (result u32)))
      (export "m" (func (result u32)))))
    (export "sum" (func (result u32)))
    (export "corner" (func (result $point)))))

  (type $point' (record (field "x" s16) (field "y" s16)))
  (export $point "point" (type $point'))
  (component $ops
    (type $point' (record (field "x" s16) (field "y" s16)))
    (export $point "point" (type $point'))
    (core module $m
      (memory (export "memory") 1)
      (func (export "flip") (param i32 i32) (result i32)
        (i32.store16 (i32.const 0) (local.get 1))
        (i32.store16 (i32.const 2) (local.get 0))
        (i32.const 0)))
    (core instance $m (instantiate $m))
    (func (export "flip") (param "p" $point) (result $point)
      (canon lift (core func $m "flip") (memory (core memory $m "memory")))))
  (instance $ops (instantiate $ops))
  (core module $code (func (export "add") (param i32 i32) (result i32)
    (i32.add (local.get 0) (local.get 1))))
  (component $inner
    (import "n" (func $n (result u32)))
    (core func $n (canon lower (func $n)))
    (core module $m
      (import "" "n" (func $n (result i32)))
      (func (export "m") (result i32) (i32.add (i32.const 1) (call $n))))
    (core instance $m (instantiate $m (with "" (instance (export "n" (func $n))))))
    (func (export "m") (result u32) (canon lift (core func $m "m"))))

  (component $holder
    (import "point" (type $point (eq $point')))
    (import "made" (instance $made
      (export "sum" (func (result u32)))
      (export "corner" (func (result $point)))))
    (core module $libc (memory (export "memory") 1))
    (core instance $libc (instantiate $libc))
    (core func $sum (canon lower (func $made "sum")))
    (core func $corner (canon lower (func $made "corner") (memory (core memory $libc "memory"))))
    (core module $m
      (import "" "sum" (func $sum (result i32)))
      (import "" "corner" (func $corner (param i32)))
      (import "" "memory" (memory 1))
      (func (export "run") (result i32)
        (call $corner (i32.const 8))
        (i32.add (i32.mul (i32.const 1000) (call $sum)) (i32.load16_s (i32.const 8))))
      (func (export "corner") (result i32) (call $corner (i32.const 8)) (i32.const 8)))
    (core instance $m (instantiate $m (with "" (instance
      (export "sum" (func $sum)) (export "corner" (func $corner))
      (export "memory" (memory $libc "memory"))))))
    (func (export "run") (result u32) (canon lift (core func $m "run")))
    (func (export "corner") (result $point)
      (canon lift (core func $m "corner") (memory (core memory $libc "memory")))))

  (component $outer
    (import "point" (type $point (eq $point')))
    (import "x" (component $x
      (alias outer 1 $point (type $point'))
      (import "point" (type $point (eq $point')))
      (import "ops" (instance
        (alias outer 1 $point (type $p'))
        (export "point" (type $p (eq $p')))
        (export "flip" (func (param "p" $p) (result $p)))))
      (import "code" (core module (export "add" (func (param i32 i32) (result i32)))))
      (import "inner" (component
        (import "n" (func (result u32)))
        (export "m" (func (result u32)))))
      (export "sum" (func (result u32)))
      (export "corner" (func (result $point)))))
    (import "ops" (instance $ops
      (alias outer 1 $point (type $p'))
      (export "point" (type $p (eq $p')))
      (export "flip" (func (param "p" $p) (result $p)))))
    (import "code" (core module $code (export "add" (func (param i32 i32) (result i32)))))
    (import "inner" (component $inner
      (import "n" (func (result u32)))
      (export "m" (func (result u32)))))
    (instance $made (instantiate $x
      (with "point" (type $point)) (with "ops" (instance $ops))
      (with "code" (core module $code)) (with "inner" (component $inner))))
    (export "made" (instance $made)))
  (instance $outer (instantiate $outer
    (with "point" (type $point)) (with "x" (component $x)) (with "ops" (instance $ops))
    (with "code" (core module $code)) (with "inner" (component $inner))))
  (instance $holder (instantiate $holder
    (with "point" (type $point)) (with "made" (instance $outer "made"))))
  (export "run" (func $holder "run"))
  (export "corner" (func $holder "corner") (func (result $point)))
  (export "other-corner" (func $outer "made" "corner") (func (result $point))))
