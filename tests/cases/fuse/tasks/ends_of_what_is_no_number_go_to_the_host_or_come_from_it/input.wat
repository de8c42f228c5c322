;; What goes to the host by `out` could come back by `in`. The engine would take the guest that reads and the
;; one that writes for one instance, which must not read what it writes itself unless it is a number.
(component
  (component $a
    (type $flags (stream bool))
    (core func $new (canon stream.new $flags))
    (core module $m
      (import "" "new" (func $new (result i64)))
      (func (export "out") (result i32) (i32.wrap_i64 (call $new))))
    (core instance $m (instantiate $m (with "" (instance (export "new" (func $new))))))
    (func (export "out") async (result $flags) (canon lift (core func $m "out"))))
  (component $b
    (type $flags (stream bool))
    (import "out" (func $out async (result $flags)))
    (core func $out (canon lower (func $out)))
    (core func $drop (canon stream.drop-readable $flags))
    (core module $m
      (import "" "out" (func $out (result i32)))
      (import "" "drop" (func $drop (param i32)))
      (func (export "out") (result i32) (call $out))
      (func (export "in") (param i32) (call $drop (local.get 0))))
    (core instance $m (instantiate $m
      (with "" (instance (export "out" (func $out)) (export "drop" (func $drop))))))
    (func (export "out") async (result $flags) (canon lift (core func $m "out")))
    (func (export "in") async (param "x" $flags) (canon lift (core func $m "in"))))
  (instance $a (instantiate $a))
  (instance $b (instantiate $b (with "out" (func $a "out"))))
  (export "out" (func $b "out"))
  (export "in" (func $b "in")))
