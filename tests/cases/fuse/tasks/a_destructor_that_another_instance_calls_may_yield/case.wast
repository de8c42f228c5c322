;; To drop a resource is to call the instance that defines it, in a task that must not block. Nothing else
;; of that instance is ready, so to yield is to go on.
(component
  (component $definer
    (core func $yield (canon thread.yield))
    (core module $m
      (import "" "yield" (func $yield (result i32)))
      (global $dropped (mut i32) (i32.const 0))
      (func (export "dtor") (param i32)
        (drop (call $yield))
        (global.set $dropped (local.get 0)))
      (func (export "dropped") (result i32) (global.get $dropped)))
    (core instance $m (instantiate $m (with "" (instance (export "yield" (func $yield))))))
    (type $r (resource (rep i32) (dtor (core func $m "dtor"))))
    (core func $new (canon resource.new $r))
    (export $exported "r" (type $r))
    (func (export "new") (param "rep" u32) (result (own $exported)) (canon lift (core func $new)))
    (func (export "dropped") (result u32) (canon lift (core func $m "dropped"))))
  (component $user
    (import "r" (type $r (sub resource)))
    (import "new" (func $new (param "rep" u32) (result (own $r))))
    (core func $new (canon lower (func $new)))
    (core func $drop (canon resource.drop $r))
    (core module $m
      (import "" "new" (func $new (param i32) (result i32)))
      (import "" "drop" (func $drop (param i32)))
      (func (export "run") (param i32) (call $drop (call $new (local.get 0)))))
    (core instance $m (instantiate $m (with "" (instance
      (export "new" (func $new)) (export "drop" (func $drop))))))
    (func (export "run") (param "rep" u32) (canon lift (core func $m "run"))))
  (instance $a (instantiate $definer))
  (instance $b (instantiate $user (with "r" (type $a "r")) (with "new" (func $a "new"))))
  (export "run" (func $b "run"))
  (export "dropped" (func $a "dropped")))

(assert_return (invoke "run" (u32.const 5)))
(assert_return (invoke "dropped") (u32.const 5))
