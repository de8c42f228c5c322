(component
  (core module $code (func (export "go")))
  (core instance $code (instantiate $code))
  (func (export "LOG-it") (canon lift (core func $code "go"))))
