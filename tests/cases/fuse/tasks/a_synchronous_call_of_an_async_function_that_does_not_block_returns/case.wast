;; Whoever is called without `async`, by its type, must not block. To call an `async` function that
;; returns at once is not to block; the engine traps at once.

(component definition $C
  (component $callee
    (core func $return (canon task.return (result u32)))
    (core module $m
      (import "" "return" (func $return (param i32)))
      (func (export "sync") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
      (func (export "async") (param i32) (call $return (i32.add (local.get 0) (i32.const 2)))))
    (core instance $m (instantiate $m (with "" (instance (export "return" (func $return))))))
    (func (export "sync") async (param "x" u32) (result u32) (canon lift (core func $m "sync")))
    (func (export "async") async (param "x" u32) (result u32)
      (canon lift (core func $m "async") async)))
  (component $caller
    (import "sync" (func $sync async (param "x" u32) (result u32)))
    (import "async" (func $async async (param "x" u32) (result u32)))
    (core func $sync (canon lower (func $sync)))
    (core func $async (canon lower (func $async)))
    (core module $m
      (import "" "sync" (func $sync (param i32) (result i32)))
      (import "" "async" (func $async (param i32) (result i32)))
      (func (export "sync") (param i32) (result i32) (call $sync (local.get 0)))
      (func (export "async") (param i32) (result i32) (call $async (local.get 0))))
    (core instance $m (instantiate $m (with "" (instance
      (export "sync" (func $sync)) (export "async" (func $async))))))
    (func (export "sync") (param "x" u32) (result u32) (canon lift (core func $m "sync")))
    (func (export "async") (param "x" u32) (result u32) (canon lift (core func $m "async"))))
  (instance $callee (instantiate $callee))
  (instance $caller (instantiate $caller
    (with "sync" (func $callee "sync")) (with "async" (func $callee "async"))))
  (export "sync" (func $caller "sync"))
  (export "async" (func $caller "async")))

(component instance $i $C)
(assert_return (invoke "sync" (u32.const 40)) (u32.const 41)) ;; as specified
(component instance $j $C)
(assert_return (invoke "async" (u32.const 40)) (u32.const 42)) ;; as specified
