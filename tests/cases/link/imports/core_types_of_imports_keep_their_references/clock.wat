(component
  (import "demo:code/store" (instance
    (core type $more (module (export "f" (func (param f32)))))
    (export "more" (core module (type $more)))))
  (core module $m (func (export "f")))
  (core instance $m (instantiate $m))
  (func $f (canon lift (core func $m "f")))
  (export "tick" (func $f)))
