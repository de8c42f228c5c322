;; The engine does not run exceptions of the older form; the modules are merged all the same.

(component
  (core module $tags (tag (export "e") (param i32)))
  (core instance $tags (instantiate $tags))
  (core module $m
    (import "" "e" (tag $e (param i32)))
    (func (export "run") (param i32) (result i32)
      try (result i32)
        local.get 0
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
  (core instance $m (instantiate $m (with "" (instance $tags))))
  (func (export "run") (param "x" u32) (result u32) (canon lift (core func $m "run"))))
