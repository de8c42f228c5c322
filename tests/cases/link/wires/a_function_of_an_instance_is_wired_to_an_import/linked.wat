(component
  (component $disk ...)
  (instance $disk (;0;) (instantiate $disk))
  (alias export $disk "demo:log/sink" (instance (;1;)))
  (alias export 1 "flush" (func (;0;)))
  (component $app ...)
  (instance $app (;2;) (instantiate $app
      (with "done" (func 0))
    )
  )
  (alias export $app "run" (func (;1;)))
  (export (;2;) "run" (func 1))
)
