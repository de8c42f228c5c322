(component
  (component $log ...)
  (instance $log (;0;) (instantiate $log))
  (alias export $log "demo:log/sink@0.2.0" (instance (;1;)))
  (component $app ...)
  (instance $app (;2;) (instantiate $app
      (with "demo:log/sink@0.2.9" (instance 1))
    )
  )
)
