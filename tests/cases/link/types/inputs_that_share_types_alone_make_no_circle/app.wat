;; exports the interface whose types its provider uses
(component
  (import "demo:ink/types" (instance $types
    (type $shade (enum "light" "dark"))
    (export "shade" (type (eq $shade)))))
  (alias export $types "shade" (type $shade))
  (import "demo:ink/mixer" (instance $mixer
    (alias outer 1 $shade (type $s))
    (export "shade" (type $s' (eq $s)))
    (export "mix" (func (param "a" $s') (result $s')))))
  (alias export $mixer "mix" (func $mix))
  (core func $mix (canon lower (func $mix)))
  (core module $code
    (import "" "mix" (func $mix (param i32) (result i32)))
    (func (export "best") (result i32) (call $mix (i32.const 0))))
  (core instance $code (instantiate $code (with "" (instance (export "mix" (func $mix))))))
  (type $own (enum "light" "dark"))
  (func $best (result $own) (canon lift (core func $code "best")))
  (instance $out (export "shade" (type $own)) (export "best" (func $best)))
  (export "demo:ink/types" (instance $out)))
