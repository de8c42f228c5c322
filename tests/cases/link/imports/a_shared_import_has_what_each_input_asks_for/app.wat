(component
  (import "tick" (func))
  (import "demo:log/sink" (instance
    (export "level" (type $level (sub resource)))
    (type $text (list string))
    (export "write" (func (param "l" (borrow $level)) (param "text" $text))))))
