;; world app { import demo:ink/types; import demo:ink/mixer; use demo:ink/types.{shade}
;;   export darker: func(at: shade) -> shade; export all: func() -> list<option<spot>>; }
(component
  (import "demo:ink/types" (instance $types
    (type $shade (enum "light" "dark"))
    (export "shade" (type $shade' (eq $shade)))
    (type $spot (record (field "at" u32) (field "shade" $shade')))
    (export "spot" (type (eq $spot)))))
  (alias export $types "shade" (type $shade))
  (alias export $types "spot" (type $spot))
  (import "demo:ink/mixer" (instance $mixer
    (alias outer 1 $shade (type $s))
    (export "shade" (type $s' (eq $s)))
    (export "mix" (func (param "a" $s') (result $s')))))
  (alias export $mixer "mix" (func $mix))
  (core func $mix (canon lower (func $mix)))
  (core module $code
    (import "" "mix" (func $mix (param i32) (result i32)))
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 64))
    (func (export "darker") (param i32) (result i32) (call $mix (local.get 0)))
    (func (export "all") (result i32) (i32.const 0)))
  (core instance $code (instantiate $code (with "" (instance (export "mix" (func $mix))))))
  (func (export "darker") (param "at" $shade) (result $shade)
    (canon lift (core func $code "darker")))
  (func (export "all") (result (list (option $spot)))
    (canon lift (core func $code "all") (memory (core memory $code "memory")))))
