(component
  (type $r (resource (rep i32)))
  (component $c
    (import "level" (type $l (sub resource)))
    (export "level" (type $l)))
  (instance $i (instantiate $c (with "level" (type $r))))
  (export "demo:log/types" (instance $i)))
