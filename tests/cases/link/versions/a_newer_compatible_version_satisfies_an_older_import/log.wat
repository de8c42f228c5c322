;; Of its versions the newest of the track is taken.
(component
  (core module $m (func (export "f")))
  (core instance $m (instantiate $m))
  (func $f (canon lift (core func $m "f")))
  (instance $sink (export "flush" (func $f)))
  (export "demo:log/sink@1.3.0" (instance $sink))
  (export "demo:log/sink@1.10.0" (instance $sink))
  (export "demo:log/sink@2.0.0" (instance $sink)))
