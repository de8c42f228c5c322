;; A group of core types that refer to one another, at the root and inside of an interface.
(component $app
  (import "tick" (func))
  (core type $other (func (param f64)))
  (core rec
    (type $a (struct (field (ref null $b))))
    (type $b (struct (field (ref null $a)))))
  (core type $code (module
    (alias outer $app $b (type $b))
    (import "x" "y" (func (param (ref null $b))))))
  (import "code" (core module (type $code)))
  (import "demo:code/store" (instance
    (alias outer $app $code (core type $code))
    (export "code" (core module (type $code))))))
