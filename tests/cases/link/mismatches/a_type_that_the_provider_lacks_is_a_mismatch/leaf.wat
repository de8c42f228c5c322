(component
  (instance $things)
  (export "demo:both/things" (instance $things)))
