(component
  (instance $i)
  (export "tick" (instance $i)))
