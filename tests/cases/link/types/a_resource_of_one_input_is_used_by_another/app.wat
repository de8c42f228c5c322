(component $app
  (import "demo:log/types" (instance $types
    (export "level" (type $l (sub resource)))
    (export "[constructor]level" (func (result (own $l))))))
  (alias export $types "level" (type $level))
  (import "demo:log/sink" (instance
    (alias outer $app $level (type $l))
    (export "level" (type $l2 (eq $l)))
    (export "write" (func (param "l" (borrow $l2))))))
  (export "run" (type $level)))
