;; Two guests that call the host, and one that calls the two in turn.
(component
  (import "host" (instance $host
    (export "r" (type $r (sub resource)))
    (export "text" (func (param "x" string) (param "y" string) (result (tuple string string))))
    (export "bytes" (func (param "b" (list u8)) (result (list u8))))
    (export "lend" (func (param "r" (borrow $r)) (result u32)))
    (export "give" (func (param "r" (own $r)) (result (own $r))))))
  (component $A
GUEST-A
  )
  (component $V
GUEST-V
  )
  (instance $a (instantiate $A (with "host" (instance $host))))
  (instance $v (instantiate $V (with "host" (instance $host))))
  ;; What the host does, is done by `$v` here: so handles cross, too.
  (instance $through (export "r" (type $host "r")) (export "text" (func $v "text"))
    (export "bytes" (func $v "bytes")) (export "lend" (func $v "lend")) (export "give" (func $v "give")))
  (instance $both (instantiate $A (with "host" (instance $through))))
  (export "a" (instance $a))
  (export "v" (instance $v))
  (export "both" (instance $both)))
