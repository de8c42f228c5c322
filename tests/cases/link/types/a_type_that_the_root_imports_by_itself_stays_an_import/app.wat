;; world app { use demo:ink/types.{shade}; import demo:ink/mixer; export best: func() -> shade; }
(component
  (import "demo:ink/types" (instance $types
    (type $shade (enum "light" "dark"))
    (export "shade" (type (eq $shade)))
    (export "mix" (func (result u32)))))
  (alias export $types "shade" (type $of-types))
  (import "shade" (type $shade (eq $of-types)))
  (core module $code
    (func (export "best") (result i32) (i32.const 1)))
  (core instance $code (instantiate $code))
  (func (export "best") (result $shade) (canon lift (core func $code "best"))))
