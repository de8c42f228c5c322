(component
  (import "demo:log/file" (instance $lib (export "go" (func))))
  (alias export $lib "go" (func $go))
  (export "go" (func $go)))
