(component
  (import "demo:geo/area@1.0.0" (instance
    (type $s' (record (field "width" f64) (field "height" f64)))
    (export "shape" (type $s (eq $s')))
    (export "area" (func (param "s" $s) (result f64))))))
