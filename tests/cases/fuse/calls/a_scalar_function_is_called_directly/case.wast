;; Where every core value is a value, nothing is guarded and nothing follows, no code is
;; generated.

(component definition $C
  (component $callee
    (core module $m
      (func (export "f") (param i32 i64 f32 f64) (result f64)
        (f64.add (local.get 3) (f64.promote_f32 (local.get 2)))))
    (core instance $m (instantiate $m))
    (func (export "f") (param "a" u32) (param "b" s64) (param "c" f32) (param "d" f64) (result f64) (canon lift (core func $m "f"))))
  (component $caller
    (import "f" (func $f (param "a" u32) (param "b" s64) (param "c" f32) (param "d" f64) (result f64)))
    (core func $f (canon lower (func $f)))
    (core module $m
      (import "" "f" (func $f (param i32 i64 f32 f64) (result f64)))
      (func (export "raw") (param f64) (result f64) (call $f (i32.const 1) (i64.const 2) (f32.const 0.5) (local.get 0))))
    (core instance $m (instantiate $m
      (with "" (instance (export "f" (func $f))))))
    (func (export "raw") (param "x" f64) (result f64) (canon lift (core func $m "raw"))))
  (instance $a (instantiate $callee))
  (instance $b (instantiate $caller (with "f" (func $a "f"))))
  (export "raw" (func $b "raw")))

(component instance $i $C)

(assert_return (invoke "raw" (f64.const 1.5)) (f64.const 2))
