;; unused: store
(component
  (type (;0;)
    (instance
      (type (;0;) (func))
      (export (;0;) "go" (func (type 0)))
    )
  )
  (import "users" (implements "demo:kv/store@1.0.0") (instance (;0;) (type 0)))
  (import "orders" (implements "demo:kv/store@1.0.0") (instance (;1;) (type 0)))
  (component $app ...)
  (instance $app (;2;) (instantiate $app
      (with "users" (instance 0))
      (with "orders" (instance 1))
    )
  )
  (alias export $app "go" (func (;0;)))
  (export (;1;) "go" (func 0))
)
