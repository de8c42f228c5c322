;; unused: file
(component
  (type (;0;)
    (instance
      (type (;0;) (func))
      (export (;0;) "go" (func (type 0)))
    )
  )
  (import "demo:log/file" (instance (;0;) (type 0)))
  (component $app ...)
  (instance $app (;1;) (instantiate $app
      (with "demo:log/file" (instance 0))
    )
  )
  (alias export $app "go" (func (;0;)))
  (export (;1;) "go" (func 0))
)
