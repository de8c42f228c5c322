(component
  (import "demo:ink/types" (instance $types
    (type $shade (enum "light" "dark"))
    (export "shade" (type (eq $shade)))))
  (alias export $types "shade" (type $shade))
  (core module $code
    (func (export "mix") (param i32) (result i32) (i32.const 1)))
  (core instance $code (instantiate $code))
  (func $mix (param "a" $shade) (result $shade) (canon lift (core func $code "mix")))
  (instance $mixer (export "shade" (type $shade)) (export "mix" (func $mix)))
  (export "demo:ink/mixer" (instance $mixer)))
