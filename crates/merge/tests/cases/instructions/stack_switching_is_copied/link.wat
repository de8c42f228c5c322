;;! instance a
(module
  (type (func (param f64)))
  (tag $yield (export "yield") (param i32) (result i64)))
;;! instance b
(module
  (type $f (func))
  (type $k (cont $f))
  (type $g (func (param i64)))
  (type $kg (cont $g))
  (import "a" "yield" (tag $yield (param i32) (result i64)))
  (func $gen (drop (suspend $yield (i32.const 1))))
  (elem declare func $gen)
  (func (export "run") (result i32)
    (block $on (result i32 (ref $kg))
      (resume $k (on $yield $on) (cont.new $k (ref.func $gen)))
      (return (i32.const 0)))
    (drop)))
;;! export run = b.run
;;! validate only
