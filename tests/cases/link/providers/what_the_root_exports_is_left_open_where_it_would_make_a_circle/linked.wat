(component
  (type (;0;) (func))
  (import "y" (func (;0;) (type 0)))
  (component $b ...)
  (instance $b (;0;) (instantiate $b
      (with "y" (func 0))
    )
  )
  (alias export $b "x" (func (;1;)))
  (component $app ...)
  (instance $app (;1;) (instantiate $app
      (with "x" (func 1))
    )
  )
  (alias export $app "y" (func (;2;)))
  (export (;3;) "y" (func 2))
)
