;; The result exports `sink` whose functions take a `level`, and nothing that makes one.
(component $app
  (import "demo:log/types" (instance $types (export "level" (type (sub resource)))))
  (alias export $types "level" (type $level))
  (core module $m (func (export "f") (param i32)))
  (core instance $m (instantiate $m))
  (func $f (param "l" (borrow $level)) (canon lift (core func $m "f")))
  (instance $sink (export "write" (func $f)))
  (export "demo:log/sink" (instance $sink)))
