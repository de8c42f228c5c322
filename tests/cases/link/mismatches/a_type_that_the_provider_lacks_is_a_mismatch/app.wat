;; `leaf` exports `demo:both/things`, without the type that `app` takes from there.
(component
  (import "demo:both/things" (instance $things
    (export "thing" (type (sub resource)))
    (export "[constructor]thing" (func (result (own 0))))))
  (alias export $things "thing" (type $t))
  (import "thing" (type $thing (eq $t)))
  (import "pass" (func (param "x" (own $thing)) (result (own $thing)))))
