(component
  (type (;0;)
    (instance
      (export (;0;) "level" (type (sub resource)))
      (type (;1;) (borrow 0))
      (type (;2;) (func (param "l" 1) (param "text" string)))
      (export (;0;) "write" (func (type 2)))
    )
  )
  (import "demo:log/sink@1.0.0" (instance (;0;) (type 0)))
  (component $setup ...)
  (instance $setup (;1;) (instantiate $setup
      (with "demo:log/sink@1.0.0" (instance 0))
    )
  )
  (alias export $setup "demo:log/setup@1.0.0" (instance (;2;)))
  (component $app ...)
  (instance $app (;3;) (instantiate $app
      (with "demo:log/sink@1.0.0" (instance 0))
      (with "demo:log/setup@1.0.0" (instance 2))
    )
  )
)
