;; Components, modules and types come from enclosing components by aliases, at any depth, and
;; instances export instances.

(component definition $C
  (core module $add (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))
  (type $binary (func (param "a" u32) (param "b" u32) (result u32)))
  (component $leaf
    (core instance $i (instantiate $add))
    (func $add (type $binary) (canon lift (core func $i "add")))
    (instance (export "math") (export "add" (func $add))))
  (component $middle
    (alias outer $C $leaf (component $l))
    (instance $l (instantiate $l))
    (component $inner
      (alias outer $C $binary (type $binary))
      (import "math" (instance $math (export "add" (func (type $binary)))))
      (alias export $math "add" (func $add))
      (core func $add (canon lower (func $add)))
      (core module $m
        (import "" "add" (func $add (param i32 i32) (result i32)))
        (func (export "twice") (param i32) (result i32) (call $add (local.get 0) (local.get 0))))
      (core instance $m (instantiate $m (with "" (instance (export "add" (func $add))))))
      (func $twice (param "x" u32) (result u32) (canon lift (core func $m "twice")))
      (instance (export "out") (export "twice" (func $twice)) (export "add" (func $add))))
    (instance $one (instantiate $inner (with "math" (instance $l "math"))))
    (export "out" (instance $one "out")))
  (instance $middle (instantiate $middle))
  (alias export $middle "out" (instance $out))
  (export "twice" (func $out "twice"))
  (export "add" (func $out "add")))

(component instance $i $C)

(assert_return (invoke "twice" (u32.const 21)) (u32.const 42))

(assert_return (invoke "add" (u32.const 1) (u32.const 2)) (u32.const 3))
