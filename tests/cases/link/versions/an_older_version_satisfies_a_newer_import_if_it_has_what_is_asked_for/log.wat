(component
  (core module $m (func (export "f")))
  (core instance $m (instantiate $m))
  (func $f (canon lift (core func $m "f")))
  (instance $sink (export "flush" (func $f)))
  (export "demo:log/sink@0.2.0" (instance $sink)))
