(component
  (component $store ...)
  (instance $store (;0;) (instantiate $store))
  (alias export $store "demo:kv/store@1.2.0" (instance (;1;)))
  (component $app ...)
  (instance $app (;2;) (instantiate $app
      (with "users" (instance 1))
    )
  )
  (alias export $app "go" (func (;0;)))
  (export (;1;) "go" (func 0))
)
