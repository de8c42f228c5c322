(component
  (core module $m (func (export "f")))
  (core instance $m (instantiate $m))
  (func $f (canon lift (core func $m "f")))
  (instance $i (export "tick" (func $f)))
  (export "demo:log/sink-two" (instance $i)))
