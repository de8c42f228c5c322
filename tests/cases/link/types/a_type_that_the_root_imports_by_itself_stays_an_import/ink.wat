(component
  (core module $code
    (func (export "mix") (result i32) (i32.const 0)))
  (core instance $code (instantiate $code))
  (type $shade (enum "light" "dark"))
  (func $mix (result u32) (canon lift (core func $code "mix")))
  (instance $types (export "shade" (type $shade)) (export "mix" (func $mix)))
  (export "demo:ink/types" (instance $types)))
