(component
  (import "tick" (func $tick))
  (core module $code (export "code") (func (export "f")))
  (component $part (export "part") (import "x" (func $x)) (export "y" (func $x)))
  (instance $i (export "tick" (func $tick)))
  (export "demo:log/sink@1.0.0" (instance $i))
  (type $list (list u8))
  (export "bytes" (type $list))
  (export "tock" (func $tick)))
