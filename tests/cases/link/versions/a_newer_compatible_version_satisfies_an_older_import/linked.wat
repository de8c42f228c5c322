(component
  (component $log ...)
  (instance $log (;0;) (instantiate $log))
  (alias export $log "demo:log/sink@1.10.0" (instance (;1;)))
  (component $app ...)
  (instance $app (;2;) (instantiate $app
      (with "demo:log/sink@1.2.0" (instance 1))
    )
  )
)
