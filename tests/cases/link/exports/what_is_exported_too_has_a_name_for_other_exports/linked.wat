(component $app
  (component $levels ...)
  (instance $levels (;0;) (instantiate $levels))
  (alias export $levels "demo:log/types" (instance (;1;)))
  (component $app ...)
  (instance $app (;2;) (instantiate $app
      (with "demo:log/types" (instance 1))
    )
  )
  (export (;3;) "demo:log/types" (instance 1))
  (alias export $app "demo:log/sink" (instance (;4;)))
  (export (;5;) "demo:log/sink" (instance 4))
)
