(component
  (component $file-log ...)
  (instance $file-log (;0;) (instantiate $file-log))
  (component $net-log ...)
  (instance $net-log (;1;) (instantiate $net-log))
  (alias export $file-log "demo:log/sink@1.0.0" (instance (;2;)))
  (alias export $net-log "tock" (func (;0;)))
  (component $app ...)
  (instance $app (;3;) (instantiate $app
      (with "demo:log/sink@1.0.0" (instance 2))
      (with "tick" (func 0))
    )
  )
)
