;; The innermost of the chain: a resource `cell` with a number in memory.
(component
  (type $cell (resource (rep i32)))
  (core func $new (canon resource.new $cell))
  (core module $code
    (import "" "new" (func $new (param i32) (result i32)))
    (memory (export "memory") 1)
    (global $next (mut i32) (i32.const 4))
    ;; A cell's rep is the address of its number. Nothing is freed: 16,000 cells fit, then the first
    ;; ones are used again.
    (func (export "make") (param $start i32) (result i32)
      (i32.store (global.get $next) (local.get $start))
      (call $new (global.get $next))
      (global.set $next (i32.and (i32.add (global.get $next) (i32.const 4)) (i32.const 0xfffc))))
    (func (export "add") (param $self i32) (param $amount i32) (result i32)
      (i32.store (local.get $self) (i32.add (i32.load (local.get $self)) (local.get $amount)))
      (i32.load (local.get $self))))
  (core instance $code (instantiate $code
    (with "" (instance (export "new" (func $new))))))
  (func $make (param "start" u32) (result (own $cell)) (canon lift (core func $code "make")))
  (func $add (param "self" (borrow $cell)) (param "amount" u32) (result u32)
    (canon lift (core func $code "add")))
  (component $interface
    (import "cell" (type $r (sub resource)))
    (import "make" (func $make (param "start" u32) (result (own $r))))
    (import "add" (func $add (param "self" (borrow $r)) (param "amount" u32) (result u32)))
    (export $cell "cell" (type $r))
    (export "[constructor]cell" (func $make) (func (param "start" u32) (result (own $cell))))
    (export "[method]cell.add" (func $add)
      (func (param "self" (borrow $cell)) (param "amount" u32) (result u32))))
  (instance $interface (instantiate $interface
    (with "cell" (type $cell)) (with "make" (func $make)) (with "add" (func $add))))
  (export "chain:parts/cells@1.0.0" (instance $interface)))
