(component $clock
  (import "demo:log/x" (instance $x
    (type $t (record (field "a" u8)))
    (export "t" (type (eq $t)))))
  (alias export $x "t" (type $t))
  (import "demo:log/y" (instance
    (alias outer $clock $t (type $t))
    (export "t" (type (eq $t)))))
  (core module $m (func (export "f")))
  (core instance $m (instantiate $m))
  (func $f (canon lift (core func $m "f")))
  (export "tick" (func $f)))
