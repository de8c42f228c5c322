;; Two functions of one result are lifted with `async` and return by one `task.return`. One borrows, the
;; other does not: only the first has borrows to drop, and only it traps if it keeps one.
(component definition $Composition
  (component $maker
    (type $r' (resource (rep i32)))
    (core func $new (canon resource.new $r'))
    (core module $m
      (import "" "new" (func $new (param i32) (result i32)))
      (func (export "make") (result i32) (call $new (i32.const 7))))
    (core instance $m (instantiate $m (with "" (instance (export "new" (func $new))))))
    (export $r "r" (type $r'))
    (func (export "make") (result (own $r)) (canon lift (core func $m "make"))))
  (component $provider
    (import "maker" (instance $maker (export "r" (type $r (sub resource)))))
    (alias export $maker "r" (type $r))
    (core func $return (canon task.return (result u32)))
    (core func $drop (canon resource.drop $r))
    (core module $m
      (import "" "return" (func $return (param i32)))
      (import "" "drop" (func $drop (param i32)))
      (func (export "borrows") (param i32 i32)
        (if (local.get 1) (then (call $drop (local.get 0))))
        (call $return (i32.const 10)))
      (func (export "plain")
        (call $return (i32.const 1))))
    (core instance $m (instantiate $m (with "" (instance
      (export "return" (func $return)) (export "drop" (func $drop))))))
    (func (export "borrows") async (param "r" (borrow $r)) (param "drops" bool) (result u32)
      (canon lift (core func $m "borrows") async))
    (func (export "plain") async (result u32)
      (canon lift (core func $m "plain") async)))
  (component $user
    (import "maker" (instance $maker
      (export "r" (type $r (sub resource)))
      (export "make" (func (result (own $r))))))
    (alias export $maker "r" (type $r))
    (import "provider" (instance $provider
      (export "borrows" (func async (param "r" (borrow $r)) (param "drops" bool) (result u32)))
      (export "plain" (func async (result u32)))))
    (core func $make (canon lower (func $maker "make")))
    (core func $borrows (canon lower (func $provider "borrows")))
    (core func $plain (canon lower (func $provider "plain")))
    (core module $m
      (import "" "make" (func $make (result i32)))
      (import "" "borrows" (func $borrows (param i32 i32) (result i32)))
      (import "" "plain" (func $plain (result i32)))
      (func (export "run") (param i32) (result i32)
        (local $r i32)
        (local.set $r (call $make))
        (i32.add (call $plain)
          (i32.add (call $borrows (local.get $r) (local.get 0))
            (i32.add (call $plain) (call $borrows (local.get $r) (i32.const 1)))))))
    (core instance $m (instantiate $m (with "" (instance
      (export "make" (func $make)) (export "borrows" (func $borrows))
      (export "plain" (func $plain))))))
    (func (export "run") async (param "drops" bool) (result u32) (canon lift (core func $m "run"))))
  (instance $maker (instantiate $maker))
  (instance $provider (instantiate $provider (with "maker" (instance $maker))))
  (instance $user (instantiate $user
    (with "maker" (instance $maker)) (with "provider" (instance $provider))))
  (export "run" (func $user "run")))
(component instance $drops $Composition)
(assert_return (invoke "run" (bool.const true)) (u32.const 22))
(component instance $keeps $Composition)
(assert_trap (invoke "run" (bool.const false)) "borrow handles still remain at the end of the call")
