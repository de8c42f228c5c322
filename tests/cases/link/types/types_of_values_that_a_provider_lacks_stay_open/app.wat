(component
  (import "demo:ink/types" (instance $types
    (type $shade (enum "light" "dark"))
    (export "shade" (type (eq $shade)))
    (type $gloss (flags "matt" "silk"))
    (export "gloss" (type (eq $gloss)))))
  (import "demo:ink/mixer" (instance $mixer (export "ready" (func (result bool)))))
  (alias export $mixer "ready" (func $ready))
  (export "ready" (func $ready)))
