;; The import of a root reaches a guest through sixty components, each nested in the one before.

(component definition $C
(import "f" (func $f (param "x" u32) (result u32)))
(component $c60
(import "f" (func $f (param "x" u32) (result u32)))
(component $c59
(import "f" (func $f (param "x" u32) (result u32)))
(component $c58
(import "f" (func $f (param "x" u32) (result u32)))
(component $c57
(import "f" (func $f (param "x" u32) (result u32)))
(component $c56
(import "f" (func $f (param "x" u32) (result u32)))
(component $c55
(import "f" (func $f (param "x" u32) (result u32)))
(component $c54
(import "f" (func $f (param "x" u32) (result u32)))
(component $c53
(import "f" (func $f (param "x" u32) (result u32)))
(component $c52
(import "f" (func $f (param "x" u32) (result u32)))
(component $c51
(import "f" (func $f (param "x" u32) (result u32)))
(component $c50
(import "f" (func $f (param "x" u32) (result u32)))
(component $c49
(import "f" (func $f (param "x" u32) (result u32)))
(component $c48
(import "f" (func $f (param "x" u32) (result u32)))
(component $c47
(import "f" (func $f (param "x" u32) (result u32)))
(component $c46
(import "f" (func $f (param "x" u32) (result u32)))
(component $c45
(import "f" (func $f (param "x" u32) (result u32)))
(component $c44
(import "f" (func $f (param "x" u32) (result u32)))
(component $c43
(import "f" (func $f (param "x" u32) (result u32)))
(component $c42
(import "f" (func $f (param "x" u32) (result u32)))
(component $c41
(import "f" (func $f (param "x" u32) (result u32)))
(component $c40
(import "f" (func $f (param "x" u32) (result u32)))
(component $c39
(import "f" (func $f (param "x" u32) (result u32)))
(component $c38
(import "f" (func $f (param "x" u32) (result u32)))
(component $c37
(import "f" (func $f (param "x" u32) (result u32)))
(component $c36
(import "f" (func $f (param "x" u32) (result u32)))
(component $c35
(import "f" (func $f (param "x" u32) (result u32)))
(component $c34
(import "f" (func $f (param "x" u32) (result u32)))
(component $c33
(import "f" (func $f (param "x" u32) (result u32)))
(component $c32
(import "f" (func $f (param "x" u32) (result u32)))
(component $c31
(import "f" (func $f (param "x" u32) (result u32)))
(component $c30
(import "f" (func $f (param "x" u32) (result u32)))
(component $c29
(import "f" (func $f (param "x" u32) (result u32)))
(component $c28
(import "f" (func $f (param "x" u32) (result u32)))
(component $c27
(import "f" (func $f (param "x" u32) (result u32)))
(component $c26
(import "f" (func $f (param "x" u32) (result u32)))
(component $c25
(import "f" (func $f (param "x" u32) (result u32)))
(component $c24
(import "f" (func $f (param "x" u32) (result u32)))
(component $c23
(import "f" (func $f (param "x" u32) (result u32)))
(component $c22
(import "f" (func $f (param "x" u32) (result u32)))
(component $c21
(import "f" (func $f (param "x" u32) (result u32)))
(component $c20
(import "f" (func $f (param "x" u32) (result u32)))
(component $c19
(import "f" (func $f (param "x" u32) (result u32)))
(component $c18
(import "f" (func $f (param "x" u32) (result u32)))
(component $c17
(import "f" (func $f (param "x" u32) (result u32)))
(component $c16
(import "f" (func $f (param "x" u32) (result u32)))
(component $c15
(import "f" (func $f (param "x" u32) (result u32)))
(component $c14
(import "f" (func $f (param "x" u32) (result u32)))
(component $c13
(import "f" (func $f (param "x" u32) (result u32)))
(component $c12
(import "f" (func $f (param "x" u32) (result u32)))
(component $c11
(import "f" (func $f (param "x" u32) (result u32)))
(component $c10
(import "f" (func $f (param "x" u32) (result u32)))
(component $c9
(import "f" (func $f (param "x" u32) (result u32)))
(component $c8
(import "f" (func $f (param "x" u32) (result u32)))
(component $c7
(import "f" (func $f (param "x" u32) (result u32)))
(component $c6
(import "f" (func $f (param "x" u32) (result u32)))
(component $c5
(import "f" (func $f (param "x" u32) (result u32)))
(component $c4
(import "f" (func $f (param "x" u32) (result u32)))
(component $c3
(import "f" (func $f (param "x" u32) (result u32)))
(component $c2
(import "f" (func $f (param "x" u32) (result u32)))
(component $c1
(import "f" (func $f (param "x" u32) (result u32)))
(component $c0
(import "f" (func $f (param "x" u32) (result u32)))
(core func $f (canon lower (func $f)))
(core module $m
  (import "" "f" (func $f (param i32) (result i32)))
  (func (export "f") (param i32) (result i32) (call $f (i32.add (local.get 0) (i32.const 1)))))
(core instance $m (instantiate $m (with "" (instance (export "f" (func $f))))))
(func (export "f") (param "x" u32) (result u32) (canon lift (core func $m "f"))))
(instance $i (instantiate $c0 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c1 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c2 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c3 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c4 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c5 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c6 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c7 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c8 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c9 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c10 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c11 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c12 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c13 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c14 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c15 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c16 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c17 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c18 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c19 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c20 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c21 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c22 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c23 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c24 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c25 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c26 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c27 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c28 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c29 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c30 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c31 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c32 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c33 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c34 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c35 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c36 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c37 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c38 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c39 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c40 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c41 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c42 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c43 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c44 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c45 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c46 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c47 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c48 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c49 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c50 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c51 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c52 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c53 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c54 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c55 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c56 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c57 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c58 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c59 (with "f" (func $f))))
(export "f" (func $i "f")))
(instance $i (instantiate $c60 (with "f" (func $f))))
(export "f" (func $i "f")))

(component instance $i $C)

(assert_return (invoke "f" (u32.const 41)) (u32.const 42))
