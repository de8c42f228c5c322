;; an older release, without gloss
(component
  (type $shade (enum "light" "dark"))
  (instance $types (export "shade" (type $shade)))
  (export "demo:ink/types" (instance $types))
  (core module $code (func (export "ready") (result i32) (i32.const 1)))
  (core instance $code (instantiate $code))
  (func $ready (result bool) (canon lift (core func $code "ready")))
  (instance $mixer (export "ready" (func $ready)))
  (export "demo:ink/mixer" (instance $mixer)))
