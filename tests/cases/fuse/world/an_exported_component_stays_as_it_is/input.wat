;; A component that is exported is not instantiated: it is no part of the composition, but of its
;; world. Its outer aliases lead to what they led to.

(component
  (type $point (record (field "x" u32) (field "y" u32)))
  (core module $zero (func (export "f") (result i32) (i32.const 0)))
  (component $base (core module $m) (export "m" (core module $m)))
  (core type $core (func (param i32)))
  (type $empty (instance))
  (component $self-contained
    (core module $m (func (export "f") (result i32) (i32.const 1)))
    (core instance $m (instantiate $m))
    (func (export "f") (result u32) (canon lift (core func $m "f"))))
  (component $with-aliases
    (alias outer 1 $point (type $p))
    (alias outer 1 $zero (core module $z))
    (alias outer 1 $base (component $b))
    (alias outer 1 $core (core type $t))
    (alias outer 1 $empty (type $e))
    (import "e" (instance (type $e)))
    (component $inner
      (alias outer 2 $zero (core module $z))
      (core instance $m (instantiate $z))
      (func (export "f") (result u32) (canon lift (core func $m "f"))))
    (instance $inner (instantiate $inner))
    (instance $base (instantiate $b))
    (export $exported "p" (type $p))
    (export "f" (func $inner "f"))
    (export "base" (instance $base)))
  (export "self-contained" (component $self-contained))
  (export "with-aliases" (component $with-aliases))
  (export "again" (component $self-contained))
  (core instance $m (instantiate $zero))
  (func (export "f") (result u32) (canon lift (core func $m "f"))))

