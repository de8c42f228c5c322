;; Two guests with other encodings get handles of what a third defines.
(component
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
  (alias export $definer "r" (type $r))
  (component $utf16
    (import "r" (type $r (sub resource)))
    (import "get" (func $get (param "x" (borrow $r)) (result u32)))
    (type $labelled-def (record (field "x" (own $r)) (field "label" string)))
    (export $labelled "labelled" (type $labelled-def))
    (core module $libc
      (memory (export "memory") 4)
      (global $next (mut i32) (i32.const 4096))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32)
        (local $at i32)
        (local.set $at
          (i32.and
            (i32.add (global.get $next) (i32.sub (local.get 2) (i32.const 1)))
            (i32.sub (i32.const 0) (local.get 2))))
        (global.set $next (i32.add (local.get $at) (local.get 3)))
        (local.get $at)))
    (core instance $libc (instantiate $libc))
    (core func $get (canon lower (func $get)))
    (core module $m
      (import "libc" "memory" (memory 1))
      (import "" "get" (func $get (param i32) (result i32)))
      (func (export "echo") (param i32 i32 i32) (result i32)
        (drop (call $get (local.get 0)))
        (i32.store (i32.const 8) (local.get 0))
        (i32.store (i32.const 12) (local.get 1))
        (i32.store (i32.const 16) (local.get 2))
        (i32.const 8)))
    (core instance $m (instantiate $m (with "libc" (instance $libc)) (with "" (instance
      (export "get" (func $get))))))
    (func (export "echo") (param "it" $labelled) (result $labelled)
      (canon lift (core func $m "echo")
        (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))
        string-encoding=utf16)))
  (instance $utf16 (instantiate $utf16 (with "r" (type $r)) (with "get" (func $definer "get"))))
  (component $latin1
    (import "r" (type $r (sub resource)))
    (import "get" (func $get (param "x" (borrow $r)) (result u32)))
    (type $labelled-def (record (field "x" (own $r)) (field "label" string)))
    (export $labelled "labelled" (type $labelled-def))
    (core module $libc
      (memory (export "memory") 4)
      (global $next (mut i32) (i32.const 4096))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32)
        (local $at i32)
        (local.set $at
          (i32.and
            (i32.add (global.get $next) (i32.sub (local.get 2) (i32.const 1)))
            (i32.sub (i32.const 0) (local.get 2))))
        (global.set $next (i32.add (local.get $at) (local.get 3)))
        (local.get $at)))
    (core instance $libc (instantiate $libc))
    (core func $get (canon lower (func $get)))
    (core module $m
      (import "libc" "memory" (memory 1))
      (import "" "get" (func $get (param i32) (result i32)))
      (func (export "echo") (param i32 i32 i32) (result i32)
        (drop (call $get (local.get 0)))
        (i32.store (i32.const 8) (local.get 0))
        (i32.store (i32.const 12) (local.get 1))
        (i32.store (i32.const 16) (local.get 2))
        (i32.const 8)))
    (core instance $m (instantiate $m (with "libc" (instance $libc)) (with "" (instance
      (export "get" (func $get))))))
    (func (export "echo") (param "it" $labelled) (result $labelled)
      (canon lift (core func $m "echo")
        (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))
        string-encoding=latin1+utf16)))
  (instance $latin1 (instantiate $latin1 (with "r" (type $r)) (with "get" (func $definer "get"))))
  (export "my:pkg/api" (instance $definer))
  (export "my:pkg/utf16" (instance $utf16))
  (export "my:pkg/latin1" (instance $latin1)))
