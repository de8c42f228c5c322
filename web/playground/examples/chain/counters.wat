;; The middle of the chain: a resource of its own, `counter`, round a `cell` that it imports.
(component
  (import "chain:parts/cells@1.0.0" (instance $cells
    (export "cell" (type $cell (sub resource)))
    (export "[constructor]cell" (func (param "start" u32) (result (own $cell))))
    (export "[method]cell.add"
      (func (param "self" (borrow $cell)) (param "amount" u32) (result u32)))))
  (alias export $cells "cell" (type $cell))
  (core func $make-cell (canon lower (func $cells "[constructor]cell")))
  (core func $add (canon lower (func $cells "[method]cell.add")))
  (core func $drop-cell (canon resource.drop $cell))
  ;; A counter's rep is the handle of its cell, which goes when the counter goes.
  (type $counter (resource (rep i32) (dtor (core func $drop-cell))))
  (core func $new (canon resource.new $counter))
  (core module $code
    (import "" "make" (func $make (param i32) (result i32)))
    (import "" "add" (func $add (param i32 i32) (result i32)))
    (import "" "new" (func $new (param i32) (result i32)))
    (func (export "make") (param $start i32) (result i32)
      (call $new (call $make (local.get $start))))
    (func (export "bump") (param $self i32) (result i32)
      (call $add (local.get $self) (i32.const 1))))
  (core instance $code (instantiate $code
    (with "" (instance
      (export "make" (func $make-cell)) (export "add" (func $add)) (export "new" (func $new))))))
  (func $make (param "start" u32) (result (own $counter)) (canon lift (core func $code "make")))
  (func $bump (param "self" (borrow $counter)) (result u32) (canon lift (core func $code "bump")))
  (component $interface
    (import "counter" (type $r (sub resource)))
    (import "make" (func $make (param "start" u32) (result (own $r))))
    (import "bump" (func $bump (param "self" (borrow $r)) (result u32)))
    (export $counter "counter" (type $r))
    (export "[constructor]counter" (func $make)
      (func (param "start" u32) (result (own $counter))))
    (export "[method]counter.bump" (func $bump)
      (func (param "self" (borrow $counter)) (result u32))))
  (instance $interface (instantiate $interface
    (with "counter" (type $counter)) (with "make" (func $make)) (with "bump" (func $bump))))
  (export "chain:parts/counters@1.0.0" (instance $interface)))
