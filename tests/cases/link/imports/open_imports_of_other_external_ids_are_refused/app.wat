(component
  (import "store" (external-id "users") (instance (export "get" (func))))
  (import "demo:lib/lib" (instance $lib (export "go" (func))))
  (alias export $lib "go" (func $go))
  (export "go" (func $go)))
