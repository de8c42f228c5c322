;; They are part of the world, although nothing is instantiated: with their own declarations, and
;; with outer aliases to types of the root.

(component
  (type $point' (record (field "x" u32)))
  (import "point" (type $point (eq $point')))
  (type $empty (instance))
  (import "i" (instance
    (alias outer 1 $empty (type $e))
    (export "e" (type (eq $e)))
    (type $local (instance (export "f" (func))))
    (export "local" (type (eq $local)))))
  (type $shapes (instance
    (alias outer 1 $point (type $p))
    (export "point" (type $q (eq $p)))
    (export "r" (type $r (sub resource)))
    (export "origin" (func (result $q)))
    (export "make" (func (result (own $r))))))
  (export "shapes" (type $shapes))
  (core type $unary (func (param i32) (result i32)))
  (type $drawing (component
    (alias outer 1 $shapes (type $s))
    (import "shapes" (instance (type $s)))
    (type $inner (component (alias outer 2 $point (type $p)) (import "point" (type (eq $p)))))
    (import "inner" (component (type $inner)))
    (core type $module (module
      (alias outer 2 $unary (type $f))
      (import "" "f" (func (type $f)))))
    (import "module" (core module (type $module)))
    (export "draw" (func (param "n" u32)))))
  (export "drawing" (type $drawing))
  (component $c
    (alias outer 1 $shapes (type $s))
    (export "shapes" (type $s))
    (core module $m (func (export "f") (result i32) (i32.const 7)))
    (core instance $m (instantiate $m))
    (func (export "f") (result u32) (canon lift (core func $m "f"))))
  (instance $c (instantiate $c))
  (export "inside" (instance $c))
  (export "f" (func $c "f")))
