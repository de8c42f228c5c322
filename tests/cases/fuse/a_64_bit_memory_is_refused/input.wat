;; Pointers of this guest have 64 bits.
(component
  (core module $m
    (memory (export "memory") i64 1)
    (func (export "realloc") (param i64 i64 i64 i64) (result i64) (i64.const 64))
    (func (export "f") (param i64 i64)))
  (core instance $m (instantiate $m))
  (func (export "f") (param "x" string)
    (canon lift (core func $m "f")
      (memory (core memory $m "memory")) (realloc (core func $m "realloc")))))
