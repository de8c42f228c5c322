(component
  (type (;0;)
    (instance
      (type (;0;) (func (result u64)))
      (export (;0;) "now" (func (type 0)))
    )
  )
  (import "demo:io/clock@1.2.0" (instance (;0;) (type 0)))
  (import "demo:io/clock@2.0.0" (instance (;1;) (type 0)))
  (component $lib ...)
  (instance $lib (;2;) (instantiate $lib
      (with "demo:io/clock@2.0.0" (instance 1))
    )
  )
  (alias export $lib "demo:io/lib" (instance (;3;)))
  (component $app ...)
  (instance $app (;4;) (instantiate $app
      (with "demo:io/clock@1.2.0" (instance 0))
      (with "demo:io/lib" (instance 3))
    )
  )
  (alias export $app "go" (func (;0;)))
  (export (;1;) "go" (func 0))
)
