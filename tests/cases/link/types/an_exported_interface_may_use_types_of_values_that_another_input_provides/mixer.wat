(component
  (component $types
    (type $shade (enum "light" "dark"))
    (export $shade' "shade" (type $shade))
    (type $spot (record (field "at" u32) (field "shade" $shade')))
    (export "spot" (type $spot)))
  (instance $types (instantiate $types))
  (export $out "demo:ink/types" (instance $types))
  (alias export $out "shade" (type $shade))
  (core module $code
    (func (export "mix") (param i32) (result i32) (i32.const 1)))
  (core instance $code (instantiate $code))
  (func $mix (param "a" $shade) (result $shade) (canon lift (core func $code "mix")))
  (instance $mixer (export "shade" (type $shade)) (export "mix" (func $mix)))
  (export "demo:ink/mixer" (instance $mixer)))
