;;! instance a
(module
  (tag (param f32))
  (tag $e (export "e") (param i32)))
;;! instance b
(module
  (import "a" "e" (tag $e (param i32)))
  (func (export "run") (result i32)
    try $l (result i32)
      i32.const 1
      throw $e
    catch $e
      drop
      try
        rethrow 1
      delegate 1
      i32.const 2
    catch_all
      i32.const 3
    end))
;;! export run = b.run
;;! validate only
