;; What a core module imports and exports again is lifted: a function of the host, and one of
;; another component, which is called under another type besides.

(component definition $C
  (import "f" (func $host (param "x" u32) (result u32)))
  (component $callee
    (core module $m (func (export "f") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1))))
    (core instance $m (instantiate $m))
    (func (export "f") (param "x" u8) (result u8) (canon lift (core func $m "f"))))
  (component $between
    (import "f" (func $f (param "x" u8) (result u8)))
    (import "host" (func $host (param "x" u32) (result u32)))
    (core func $f (canon lower (func $f)))
    (core func $host (canon lower (func $host)))
    (core module $pass
      (import "" "f" (func $f (param i32) (result i32)))
      (import "" "host" (func $host (param i32) (result i32)))
      (export "f" (func $f))
      (export "g" (func $f))
      (export "host" (func $host)))
    (core instance $pass (instantiate $pass (with "" (instance
      (export "f" (func $f)) (export "host" (func $host))))))
    (func (export "f") (param "x" u32) (result u8) (canon lift (core func $pass "f")))
    (func (export "g") (param "x" u8) (result bool) (canon lift (core func $pass "g")))
    (func (export "host") (param "x" u32) (result u32) (canon lift (core func $pass "host"))))
  (instance $callee (instantiate $callee))
  (instance $between (instantiate $between (with "f" (func $callee "f")) (with "host" (func $host))))
  (export "f" (func $between "f"))
  (export "g" (func $between "g"))
  (export "host" (func $between "host")))

(component instance $i $C)

(assert_return (invoke "f" (u32.const 0x1ff)) (u8.const 0))
(assert_return (invoke "g" (u8.const 255)) (bool.const false))
(assert_return (invoke "g" (u8.const 1)) (bool.const true))
(assert_return (invoke "host" (u32.const 7)) (u32.const 7))
