(component $app
  (component $levels ...)
  (instance $levels (;0;) (instantiate $levels))
  (alias export $levels "demo:log/types" (instance (;1;)))
  (component $sink ...)
  (instance $sink (;2;) (instantiate $sink
      (with "demo:log/types" (instance 1))
    )
  )
  (alias export $sink "demo:log/sink" (instance (;3;)))
  (component $app ...)
  (instance $app (;4;) (instantiate $app
      (with "demo:log/types" (instance 1))
      (with "demo:log/sink" (instance 3))
    )
  )
  (alias export $app "run" (type (;0;)))
  (export (;1;) "run" (type 0))
)
