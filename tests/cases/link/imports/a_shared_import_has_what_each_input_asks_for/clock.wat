;; The same `level` at another index, and a type that the first input does not know.
(component $clock
  (import "demo:log/time" (instance $time
    (type $t' (record (field "s" u64)))
    (export "t" (type (eq $t')))))
  (alias export $time "t" (type $t))
  (import "demo:log/sink" (instance
    (alias outer $clock $t (type $t))
    (export "t" (type $t2 (eq $t)))
    (type $text (list string))
    (export "level" (type $level (sub resource)))
    (export "read" (func (result $text)))
    (export "since" (func (param "l" (borrow $level)) (param "t" $t2)))))
  (core module $m (func (export "f")))
  (core instance $m (instantiate $m))
  (func $f (canon lift (core func $m "f")))
  (export "tick" (func $f)))
