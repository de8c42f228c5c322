;; To drop a handle is no call of a lifted function, so that it can be done where such a call could
;; not: between a parent and its child. The destructor runs, if it was an own.

(component definition $Up
  (import "log" (func $log (param "x" u32)))
  (component $parent
    (import "log" (func $log (param "x" u32)))
    (core func $log (canon lower (func $log)))
    (core module $destructor
      (import "" "log" (func $log (param i32)))
      (func (export "destroy") (param i32) (call $log (local.get 0))))
    (core instance $destructor (instantiate $destructor
      (with "" (instance (export "log" (func $log))))))
    (type $R (resource (rep i32) (dtor (core func $destructor "destroy"))))
    (export $r "r" (type $R))
    (component $child
      (import "r" (type $r (sub resource)))
      (core func $drop (canon resource.drop $r))
      (core module $m
        (import "" "drop" (func $drop (param i32)))
        (func (export "eat") (param i32) (call $drop (local.get 0)))
        (func (export "look") (param i32) (call $drop (local.get 0))))
      (core instance $m (instantiate $m (with "" (instance
        (export "drop" (func $drop))))))
      (func (export "eat") (param "x" (own $r)) (canon lift (core func $m "eat")))
      (func (export "look") (param "x" (borrow $r)) (canon lift (core func $m "look"))))
    (instance $child (instantiate $child (with "r" (type $R))))
    (core func $new (canon resource.new $R))
    (core module $m
      (import "" "new" (func $new (param i32) (result i32)))
      (func (export "make") (param i32) (result i32) (call $new (local.get 0))))
    (core instance $m (instantiate $m (with "" (instance
      (export "new" (func $new))))))
    (func (export "make") (param "rep" u32) (result (own $r)) (canon lift (core func $m "make")))
    (alias export $child "eat" (func $eat))
    (alias export $child "look" (func $look))
    (export "eat" (func $eat) (func (param "x" (own $r))))
    (export "look" (func $look) (func (param "x" (borrow $r)))))
  (instance $parent (instantiate $parent (with "log" (func $log))))
  (component $user
    (import "definer" (instance $definer
      (export "r" (type $r (sub resource)))
      (export "make" (func (param "rep" u32) (result (own $r))))))
    (alias export $definer "r" (type $r))
    (import "eat" (func $eat (param "x" (own $r))))
    (import "look" (func $look (param "x" (borrow $r))))
    (core func $make (canon lower (func $definer "make")))
    (core func $eat (canon lower (func $eat)))
    (core func $look (canon lower (func $look)))
    (core module $m
      (import "" "make" (func $make (param i32) (result i32)))
      (import "" "eat" (func $eat (param i32)))
      (import "" "look" (func $look (param i32)))
      (func (export "eat") (call $eat (call $make (i32.const 7))))
      (func (export "look") (call $look (call $make (i32.const 7)))))
    (core instance $m (instantiate $m (with "" (instance
      (export "make" (func $make)) (export "eat" (func $eat)) (export "look" (func $look))))))
    (func (export "eat") (canon lift (core func $m "eat")))
    (func (export "look") (canon lift (core func $m "look"))))
  (instance $user (instantiate $user (with "definer" (instance $parent))
    (with "eat" (func $parent "eat")) (with "look" (func $parent "look"))))
  (export "eat" (func $user "eat"))
  (export "look" (func $user "look")))

(component definition $Down
  (import "log" (func $log (param "x" u32)))
  (component $parent
    (import "log" (func $log (param "x" u32)))
    (component $child
      (import "log" (func $log (param "x" u32)))
      (core func $log (canon lower (func $log)))
      (core module $destructor
        (import "" "log" (func $log (param i32)))
        (func (export "destroy") (param i32) (call $log (local.get 0))))
      (core instance $destructor (instantiate $destructor
        (with "" (instance (export "log" (func $log))))))
      (type $R (resource (rep i32) (dtor (core func $destructor "destroy"))))
      (export $r "r" (type $R))
      (core func $new (canon resource.new $R))
      (core module $m
        (import "" "new" (func $new (param i32) (result i32)))
        (func (export "make") (param i32) (result i32) (call $new (local.get 0))))
      (core instance $m (instantiate $m (with "" (instance
        (export "new" (func $new))))))
      (func (export "make") (param "rep" u32) (result (own $r)) (canon lift (core func $m "make"))))
    (instance $child (instantiate $child (with "log" (func $log))))
    (alias export $child "r" (type $R))
    (export $r "r" (type $R))
    (core func $drop (canon resource.drop $R))
    (core module $m
      (import "" "drop" (func $drop (param i32)))
      (func (export "eat") (param i32) (call $drop (local.get 0)))
      (func (export "look") (param i32) (call $drop (local.get 0))))
    (core instance $m (instantiate $m (with "" (instance
      (export "drop" (func $drop))))))
    (func (export "eat") (param "x" (own $r)) (canon lift (core func $m "eat")))
    (func (export "look") (param "x" (borrow $r)) (canon lift (core func $m "look")))
    (alias export $child "make" (func $make))
    (export "make" (func $make) (func (param "rep" u32) (result (own $r)))))
  (instance $parent (instantiate $parent (with "log" (func $log))))
  (component $user
    (import "definer" (instance $definer
      (export "r" (type $r (sub resource)))
      (export "make" (func (param "rep" u32) (result (own $r))))))
    (alias export $definer "r" (type $r))
    (import "eat" (func $eat (param "x" (own $r))))
    (import "look" (func $look (param "x" (borrow $r))))
    (core func $make (canon lower (func $definer "make")))
    (core func $eat (canon lower (func $eat)))
    (core func $look (canon lower (func $look)))
    (core module $m
      (import "" "make" (func $make (param i32) (result i32)))
      (import "" "eat" (func $eat (param i32)))
      (import "" "look" (func $look (param i32)))
      (func (export "eat") (call $eat (call $make (i32.const 7))))
      (func (export "look") (call $look (call $make (i32.const 7)))))
    (core instance $m (instantiate $m (with "" (instance
      (export "make" (func $make)) (export "eat" (func $eat)) (export "look" (func $look))))))
    (func (export "eat") (canon lift (core func $m "eat")))
    (func (export "look") (canon lift (core func $m "look"))))
  (instance $user (instantiate $user (with "definer" (instance $parent))
    (with "eat" (func $parent "eat")) (with "look" (func $parent "look"))))
  (export "eat" (func $user "eat"))
  (export "look" (func $user "look")))

(component instance $up $Up)
(assert_return (invoke "eat"))
(component instance $up-look $Up)
(assert_return (invoke "look"))
(component instance $down $Down)
(assert_return (invoke "eat"))
(component instance $down-look $Down)
(assert_return (invoke "look"))
