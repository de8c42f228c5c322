(component
  (core module $m (func (export "f") (param f64 f32) (result f64) unreachable))
  (core instance $m (instantiate $m))
  (type $s' (record (field "width" f64) (field "height" f32)))
  (func $f (param "s" $s') (result f64) (canon lift (core func $m "f")))
  (component $c
    (type $s' (record (field "width" f64) (field "height" f32)))
    (import "shape" (type $s (eq $s')))
    (import "area" (func $f (param "s" $s) (result f64)))
    (export $s2 "shape" (type $s))
    (export "area" (func $f) (func (param "s" $s2) (result f64))))
  (instance $i (instantiate $c (with "shape" (type $s')) (with "area" (func $f))))
  (export "demo:geo/area@1.1.0" (instance $i)))
