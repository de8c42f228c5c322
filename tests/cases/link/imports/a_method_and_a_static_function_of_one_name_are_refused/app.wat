(component
  (import "r" (type $r (sub resource))) (import "[method]r.get" (func (param "self" (borrow $r))))
  (import "demo:lib/lib" (instance $lib (export "go" (func))))
  (alias export $lib "go" (func $go))
  (export "go" (func $go)))
