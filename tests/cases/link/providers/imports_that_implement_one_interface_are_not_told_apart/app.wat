(component
  (import "users" (implements "demo:kv/store@1.0.0") (instance $store (export "go" (func))))
  (import "orders" (implements "demo:kv/store@1.0.0") (instance (export "go" (func))))
  (alias export $store "go" (func $go))
  (export "go" (func $go)))
