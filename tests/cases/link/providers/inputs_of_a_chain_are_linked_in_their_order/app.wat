(component
  (import "demo:web/handler" (instance $lib (export "go" (func))))
  (alias export $lib "go" (func $go))
  (export "go" (func $go)))
