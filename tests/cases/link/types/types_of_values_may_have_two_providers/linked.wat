;; unused: other
(component
  (type (;0;)
    (instance
      (type (;0;) (enum "light" "dark"))
      (export (;1;) "shade" (type (eq 0)))
    )
  )
  (import "demo:ink/types" (instance (;0;) (type 0)))
  (component $mixer ...)
  (instance $mixer (;1;) (instantiate $mixer))
  (alias export $mixer "demo:ink/mixer" (instance (;2;)))
  (component $app ...)
  (instance $app (;3;) (instantiate $app
      (with "demo:ink/types" (instance 0))
      (with "demo:ink/mixer" (instance 2))
    )
  )
  (alias export $app "best" (func (;0;)))
  (export (;1;) "best" (func 0))
)
