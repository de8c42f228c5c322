;; The host would have to take a `level` that the composition has yet to define.
(component $app
  (import "demo:log/types" (instance $types (export "level" (type (sub resource)))))
  (alias export $types "level" (type $level))
  (import "demo:log/sink" (instance
    (alias outer $app $level (type $l))
    (export "level" (type $l2 (eq $l)))
    (export "write" (func (param "l" (borrow $l2)))))))
