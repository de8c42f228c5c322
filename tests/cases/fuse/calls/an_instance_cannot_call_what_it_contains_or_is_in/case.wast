;; A call from a parent to its child, and from a child to its parent, traps: the instance that is
;; called has been entered already, or would be entered twice.

(component definition $Down
  (component $child
    (core module $m (func (export "f")))
    (core instance $i (instantiate $m))
    (func (export "f") (canon lift (core func $i "f"))))
  (instance $child (instantiate $child))
  (core func $f (canon lower (func $child "f")))
  (core module $m
    (import "" "f" (func $f))
    (func (export "f") (call $f)))
  (core instance $i (instantiate $m (with "" (instance (export "f" (func $f))))))
  (func (export "f") (canon lift (core func $i "f")))
  (func (export "child") (alias export $child "f")))

(component definition $Up
  (core module $m (func (export "f")))
  (core instance $i (instantiate $m))
  (func $f (canon lift (core func $i "f")))
  (component $child
    (import "f" (func $f))
    (core func $f (canon lower (func $f)))
    (core module $m
      (import "" "f" (func $f))
      (func (export "g") (call $f)))
    (core instance $i (instantiate $m (with "" (instance (export "f" (func $f))))))
    (func (export "g") (canon lift (core func $i "g"))))
  (instance $child (instantiate $child (with "f" (func $f))))
  (export "g" (func $child "g")))

(component instance $down $Down)
(assert_trap (invoke "f") "cannot enter component instance")
(component instance $up $Up)
(assert_trap (invoke "g") "cannot enter component instance")
