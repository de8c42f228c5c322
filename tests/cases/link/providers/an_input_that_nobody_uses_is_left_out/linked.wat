;; unused: spare-three
;; unused: spare-two
;; unused: spare
(component
  (component $clock ...)
  (instance $clock (;0;) (instantiate $clock))
  (alias export $clock "tick" (func (;0;)))
  (component $app ...)
  (instance $app (;1;) (instantiate $app
      (with "tick" (func 0))
    )
  )
)
