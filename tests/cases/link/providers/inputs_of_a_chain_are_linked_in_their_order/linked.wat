(component
  (component $server ...)
  (instance $server (;0;) (instantiate $server))
  (alias export $server "demo:web/handler" (instance (;1;)))
  (component $cache ...)
  (instance $cache (;2;) (instantiate $cache
      (with "demo:web/handler" (instance 1))
    )
  )
  (alias export $cache "demo:web/handler" (instance (;3;)))
  (component $auth ...)
  (instance $auth (;4;) (instantiate $auth
      (with "demo:web/handler" (instance 3))
    )
  )
  (alias export $auth "demo:web/handler" (instance (;5;)))
  (component $app ...)
  (instance $app (;6;) (instantiate $app
      (with "demo:web/handler" (instance 5))
    )
  )
  (alias export $app "go" (func (;0;)))
  (export (;1;) "go" (func 0))
)
