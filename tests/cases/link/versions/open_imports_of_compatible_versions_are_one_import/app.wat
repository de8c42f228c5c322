;; passes on a resource of the host, which the two inputs import at different versions
(component
  (import "demo:io/streams@1.2.0" (instance $streams
    (export "stream" (type $stream (sub resource)))
    (export "open" (func (result (own $stream))))))
  (alias export $streams "stream" (type $stream))
  (import "demo:io/filter" (instance $filter
    (alias outer 1 $stream (type $s))
    (export "stream" (type $s' (eq $s)))
    (export "count" (func (param "of" (borrow $s')) (result u32)))))
  (alias export $streams "open" (func $open))
  (alias export $filter "count" (func $count))
  (core func $open (canon lower (func $open)))
  (core func $count (canon lower (func $count)))
  (core module $code
    (import "" "open" (func $open (result i32)))
    (import "" "count" (func $count (param i32) (result i32)))
    (func (export "run") (result i32) (call $count (call $open))))
  (core instance $code (instantiate $code (with "" (instance
    (export "open" (func $open)) (export "count" (func $count))))))
  (func (export "run") (result u32) (canon lift (core func $code "run"))))
