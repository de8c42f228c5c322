(component
  (import "demo:log/sink@1.0.0" (instance $sink
    (export "level" (type $level (sub resource)))
    (export "write" (func (param "l" (borrow $level)) (param "text" string)))))
  (alias export $sink "level" (type $level))
  (import "demo:log/setup@1.0.0" (instance
    (alias outer 1 $level (type $l))
    (export "level" (type $l2 (eq $l)))
    (export "make" (func (result (own $l2)))))))
