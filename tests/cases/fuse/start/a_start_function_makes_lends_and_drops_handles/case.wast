;; While instances start, handles are what they are later: of a guest's resource, of the host's, and
;; of one of the host's that guests pass to one another.

(component definition $Guest
  (import "log" (func $log (param "x" u32)))
  (component $definer
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
      (func (export "make") (param i32) (result i32) (call $new (local.get 0)))
      (func (export "get") (param i32) (result i32) (local.get 0)))
    (core instance $m (instantiate $m (with "" (instance (export "new" (func $new))))))
    (func (export "make") (param "rep" u32) (result (own $r)) (canon lift (core func $m "make")))
    (func (export "get") (param "x" (borrow $r)) (result u32) (canon lift (core func $m "get"))))
  (instance $definer (instantiate $definer (with "log" (func $log))))
  (component $starter
    (import "definer" (instance $definer
      (export "r" (type $r (sub resource)))
      (export "make" (func (param "rep" u32) (result (own $r))))
      (export "get" (func (param "x" (borrow $r)) (result u32)))))
    (alias export $definer "r" (type $r))
    (core func $make (canon lower (func $definer "make")))
    (core func $get (canon lower (func $definer "get")))
    (core func $drop (canon resource.drop $r))
    (core module $m
      (import "" "make" (func $make (param i32) (result i32)))
      (import "" "get" (func $get (param i32) (result i32)))
      (import "" "drop" (func $drop (param i32)))
      (global $kept (mut i32) (i32.const 0))
      (func $start
        (call $drop (call $make (i32.const 7)))
        (global.set $kept (call $make (i32.const 8)))
        (call $drop (call $make (call $get (global.get $kept)))))
      (start $start)
      (func (export "get") (result i32) (call $get (global.get $kept)))
      (func (export "drop") (call $drop (global.get $kept))))
    (core instance $m (instantiate $m (with "" (instance
      (export "make" (func $make)) (export "get" (func $get)) (export "drop" (func $drop))))))
    (func (export "get") (result u32) (canon lift (core func $m "get")))
    (func (export "drop") (canon lift (core func $m "drop"))))
  (instance $starter (instantiate $starter (with "definer" (instance $definer))))
  (export "get" (func $starter "get"))
  (export "drop" (func $starter "drop")))

(component definition $Host
  (import "log" (func $log (param "x" u32)))
  (import "host" (instance $host
    (export "r" (type $r (sub resource)))
    (export "make" (func (result (own $r))))
    (export "look" (func (param "x" (borrow $r)) (result u32)))))
  (alias export $host "r" (type $r))
  (component $starter
    (import "r" (type $r (sub resource)))
    (import "make" (func $make (result (own $r))))
    (import "look" (func $look (param "x" (borrow $r)) (result u32)))
    (core func $make (canon lower (func $make)))
    (core func $look (canon lower (func $look)))
    (core func $drop (canon resource.drop $r))
    (core module $m
      (import "" "make" (func $make (result i32)))
      (import "" "look" (func $look (param i32) (result i32)))
      (import "" "drop" (func $drop (param i32)))
      (global $kept (mut i32) (i32.const 0))
      (func $start
        (call $drop (call $make))
        (global.set $kept (call $make))
        (drop (call $look (global.get $kept))))
      (start $start)
      (func (export "look") (result i32) (call $look (global.get $kept)))
      (func (export "drop") (call $drop (global.get $kept))))
    (core instance $m (instantiate $m (with "" (instance
      (export "make" (func $make)) (export "look" (func $look)) (export "drop" (func $drop))))))
    (func (export "look") (result u32) (canon lift (core func $m "look")))
    (func (export "drop") (canon lift (core func $m "drop"))))
  (instance $starter (instantiate $starter
    (with "r" (type $r)) (with "make" (func $host "make")) (with "look" (func $host "look"))))
  (export "look" (func $starter "look"))
  (export "drop" (func $starter "drop")))

(component definition $Shared
  (import "log" (func $log (param "x" u32)))
  (import "host" (instance $host
    (export "r" (type $r (sub resource)))
    (export "make" (func (result (own $r))))
    (export "look" (func (param "x" (borrow $r)) (result u32)))))
  (alias export $host "r" (type $r))
  (component $relay
    (import "r" (type $r (sub resource)))
    (import "look" (func $look (param "x" (borrow $r)) (result u32)))
    (core func $look (canon lower (func $look)))
    (core func $drop (canon resource.drop $r))
    (core module $m
      (import "" "look" (func $look (param i32) (result i32)))
      (import "" "drop" (func $drop (param i32)))
      (func (export "look") (param i32) (result i32)
        (call $look (local.get 0))
        (call $drop (local.get 0))))
    (core instance $m (instantiate $m (with "" (instance
      (export "look" (func $look)) (export "drop" (func $drop))))))
    (func (export "look") (param "x" (borrow $r)) (result u32)
      (canon lift (core func $m "look"))))
  (instance $relay (instantiate $relay (with "r" (type $r)) (with "look" (func $host "look"))))
  (component $starter
    (import "r" (type $r (sub resource)))
    (import "make" (func $make (result (own $r))))
    (import "look" (func $look (param "x" (borrow $r)) (result u32)))
    (core func $make (canon lower (func $make)))
    (core func $look (canon lower (func $look)))
    (core func $drop (canon resource.drop $r))
    (core module $m
      (import "" "make" (func $make (result i32)))
      (import "" "look" (func $look (param i32) (result i32)))
      (import "" "drop" (func $drop (param i32)))
      (global $kept (mut i32) (i32.const 0))
      (func $start
        (call $drop (call $make))
        (global.set $kept (call $make))
        (drop (call $look (global.get $kept))))
      (start $start)
      (func (export "look") (result i32) (call $look (global.get $kept)))
      (func (export "drop") (call $drop (global.get $kept))))
    (core instance $m (instantiate $m (with "" (instance
      (export "make" (func $make)) (export "look" (func $look)) (export "drop" (func $drop))))))
    (func (export "look") (result u32) (canon lift (core func $m "look")))
    (func (export "drop") (canon lift (core func $m "drop"))))
  (instance $starter (instantiate $starter
    (with "r" (type $r)) (with "make" (func $host "make")) (with "look" (func $relay "look"))))
  (export "look" (func $starter "look"))
  (export "drop" (func $starter "drop")))

(component instance $guest $Guest)
(assert_return (invoke "get") (u32.const 8))
(assert_return (invoke "drop"))
(component instance $host $Host)
(assert_return (invoke "look") (u32.const 0))
(assert_return (invoke "drop"))
(component instance $shared $Shared)
(assert_return (invoke "look") (u32.const 0))
(assert_return (invoke "drop"))
