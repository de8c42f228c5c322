;; unused: log
(component
  (type (;0;)
    (instance
      (type (;0;) (func))
      (export (;0;) "flush" (func (type 0)))
    )
  )
  (import "demo:log/sink@0.2.0" (instance (;0;) (type 0)))
  (component $app ...)
  (instance $app (;1;) (instantiate $app
      (with "demo:log/sink@0.2.0" (instance 0))
    )
  )
)
