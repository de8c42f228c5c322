;; Each instance of one component calls the one before, ten deep.

(component definition $C
  (component $first
    (core module $m
      (func (export "f") (param i32) (result i32) (local.get 0)))
    (core instance $m (instantiate $m))
    (func (export "f") (param "x" u32) (result u32) (canon lift (core func $m "f"))))
  (component $next
    (import "f" (func $f (param "x" u32) (result u32)))
    (core func $f (canon lower (func $f)))
    (core module $m
      (import "" "f" (func $f (param i32) (result i32)))
      (func (export "f") (param i32) (result i32) (i32.add (i32.const 1) (call $f (i32.mul (local.get 0) (i32.const 2))))))
    (core instance $m (instantiate $m
      (with "" (instance (export "f" (func $f))))))
    (func (export "f") (param "x" u32) (result u32) (canon lift (core func $m "f"))))
  (instance $i0 (instantiate $first))
  (instance $i1 (instantiate $next (with "f" (func $i0 "f"))))
  (instance $i2 (instantiate $next (with "f" (func $i1 "f"))))
  (instance $i3 (instantiate $next (with "f" (func $i2 "f"))))
  (instance $i4 (instantiate $next (with "f" (func $i3 "f"))))
  (instance $i5 (instantiate $next (with "f" (func $i4 "f"))))
  (instance $i6 (instantiate $next (with "f" (func $i5 "f"))))
  (instance $i7 (instantiate $next (with "f" (func $i6 "f"))))
  (instance $i8 (instantiate $next (with "f" (func $i7 "f"))))
  (instance $i9 (instantiate $next (with "f" (func $i8 "f"))))
  (instance $i10 (instantiate $next (with "f" (func $i9 "f"))))
  (export "f" (func $i10 "f")))

(component instance $i $C)

(assert_return (invoke "f" (u32.const 1)) (u32.const 1034))
