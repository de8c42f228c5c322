;; What `use` in a world is: `thing` is the very type that `demo:both/things` exports. Two inputs
;; import one by that name, and mean two.
(component
  (import "demo:both/things" (instance $things
    (export "thing" (type (sub resource)))
    (export "[constructor]thing" (func (result (own 0))))))
  (alias export $things "thing" (type $t))
  (import "thing" (type $thing (eq $t)))
  (import "pass" (func (param "x" (own $thing)) (result (own $thing)))))
