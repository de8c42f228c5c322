;; `x` uses `y` here, and `y` uses `x` in `clock`.
(component $app
  (import "tick" (func))
  (import "demo:log/y" (instance $y
    (type $t (record (field "a" u8)))
    (export "t" (type (eq $t)))))
  (alias export $y "t" (type $t))
  (import "demo:log/x" (instance
    (alias outer $app $t (type $t))
    (export "t" (type (eq $t))))))
