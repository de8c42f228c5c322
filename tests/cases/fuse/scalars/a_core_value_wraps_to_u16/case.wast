;; The bits of a core value beyond those of `u16` are ignored: the callee gets the value with
;; zeros above it.

(component definition $C
  (component $callee
    (core module $m
      (func (export "f") (param i32) (result i32) (local.get 0)))
    (core instance $m (instantiate $m))
    (func (export "f") (param "x" u16) (result u32) (canon lift (core func $m "f"))))
  (component $caller
    (import "f" (func $f (param "x" u16) (result u32)))
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

(component instance $i $C)

(assert_return (invoke "raw" (u32.const 131071)) (u32.const 65535))
(assert_return (invoke "raw" (u32.const 65536)) (u32.const 0))
(assert_return (invoke "raw" (u32.const 32768)) (u32.const 32768))
