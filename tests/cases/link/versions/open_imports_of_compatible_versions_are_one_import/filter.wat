(component
  (import "demo:io/streams@1.0.1" (instance $streams
    (export "stream" (type $stream (sub resource)))
    (export "peek" (func (param "of" (borrow $stream)) (result u32)))))
  (alias export $streams "stream" (type $stream))
  (alias export $streams "peek" (func $peek))
  (core func $peek (canon lower (func $peek)))
  (core func $drop (canon resource.drop $stream))
  (core module $code
    (import "" "peek" (func $peek (param i32) (result i32)))
    (import "" "drop" (func $drop (param i32)))
    (func (export "count") (param i32) (result i32)
      (call $peek (local.get 0)) (call $drop (local.get 0))))
  (core instance $code (instantiate $code (with "" (instance
    (export "peek" (func $peek)) (export "drop" (func $drop))))))
  (func $count (param "of" (borrow $stream)) (result u32) (canon lift (core func $code "count")))
  (instance $filter (export "stream" (type $stream)) (export "count" (func $count)))
  (export "demo:io/filter" (instance $filter)))
