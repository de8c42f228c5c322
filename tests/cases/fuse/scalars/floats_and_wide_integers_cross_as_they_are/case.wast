;; All values of `s64`, `u64`, `f32` and `f64` are core values.

(component definition $U64
  (component $callee
    (core module $m
      (func (export "f") (param i64) (result i64) (local.get 0)))
    (core instance $m (instantiate $m))
    (func (export "f") (param "x" u64) (result u64) (canon lift (core func $m "f"))))
  (component $caller
    (import "f" (func $f (param "x" u64) (result u64)))
    (core func $f (canon lower (func $f)))
    (core module $m
      (import "" "f" (func $f (param i64) (result i64)))
      (func (export "raw") (param i64) (result i64) (call $f (local.get 0))))
    (core instance $m (instantiate $m
      (with "" (instance (export "f" (func $f))))))
    (func (export "raw") (param "x" u64) (result u64) (canon lift (core func $m "raw"))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller (with "f" (func $a "f"))))
  (export "raw" (func $b "raw")))

(component instance $i $U64)

(assert_return (invoke "raw" (u64.const 0xffffffffffffffff)) (u64.const 0xffffffffffffffff))

(component definition $F32
  (component $callee
    (core module $m
      (func (export "f") (param f32) (result f32) (local.get 0)))
    (core instance $m (instantiate $m))
    (func (export "f") (param "x" f32) (result f32) (canon lift (core func $m "f"))))
  (component $caller
    (import "f" (func $f (param "x" f32) (result f32)))
    (core func $f (canon lower (func $f)))
    (core module $m
      (import "" "f" (func $f (param f32) (result f32)))
      (func (export "raw") (param f32) (result f32) (call $f (local.get 0))))
    (core instance $m (instantiate $m
      (with "" (instance (export "f" (func $f))))))
    (func (export "raw") (param "x" f32) (result f32) (canon lift (core func $m "raw"))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller (with "f" (func $a "f"))))
  (export "raw" (func $b "raw")))

(component instance $i $F32)

(assert_return (invoke "raw" (f32.const -0)) (f32.const -0))

(assert_return (invoke "raw" (f32.const inf)) (f32.const inf))

(assert_return (invoke "raw" (f32.const nan)) (f32.const nan))

(assert_return (invoke "raw" (f32.const 0x1p-149)) (f32.const 0x1p-149))

(assert_return (invoke "raw" (f32.const 0x1.fffffep+127)) (f32.const 0x1.fffffep+127))

(component definition $F64
  (component $callee
    (core module $m
      (func (export "f") (param f64) (result f64) (local.get 0)))
    (core instance $m (instantiate $m))
    (func (export "f") (param "x" f64) (result f64) (canon lift (core func $m "f"))))
  (component $caller
    (import "f" (func $f (param "x" f64) (result f64)))
    (core func $f (canon lower (func $f)))
    (core module $m
      (import "" "f" (func $f (param f64) (result f64)))
      (func (export "raw") (param f64) (result f64) (call $f (local.get 0))))
    (core instance $m (instantiate $m
      (with "" (instance (export "f" (func $f))))))
    (func (export "raw") (param "x" f64) (result f64) (canon lift (core func $m "raw"))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller (with "f" (func $a "f"))))
  (export "raw" (func $b "raw")))

(component instance $i $F64)

(assert_return (invoke "raw" (f64.const -0)) (f64.const -0))

(assert_return (invoke "raw" (f64.const -inf)) (f64.const -inf))

(assert_return (invoke "raw" (f64.const nan)) (f64.const nan))

(assert_return (invoke "raw" (f64.const 0x1p-1074)) (f64.const 0x1p-1074))
