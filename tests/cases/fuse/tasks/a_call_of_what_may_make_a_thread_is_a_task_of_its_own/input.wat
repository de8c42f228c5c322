;; The thread would belong to the task of the call, and not to that of the caller.
(component
  (component $worker
    (core module $libc (table (export "table") 1 funcref))
    (core instance $libc (instantiate $libc))
    (core type $start (func (param i32)))
    (core func $new (canon thread.new-indirect $start (core table $libc "table")))
    (core module $m
      (type $f (func))
      (import "libc" "table" (table 1 funcref))
      (import "" "new" (func $new (param i32 i32) (result i32)))
      (table $own 1 funcref)
      (func $work (param i32))
      (elem (table 0) (i32.const 0) func $work)
      (func $make (drop (call $new (i32.const 0) (i32.const 0))))
      (elem (table $own) (i32.const 0) func $make)
      ;; by a table of its own
      (func (export "f") (param i32) (call_indirect $own (type $f) (local.get 0))))
    (core instance $m (instantiate $m
      (with "libc" (instance $libc))
      (with "" (instance (export "new" (func $new))))))
    (func (export "f") (param "x" u32) (canon lift (core func $m "f"))))
  (component $caller
    (import "f" (func $f (param "x" u32)))
    (core func $f (canon lower (func $f)))
    (core module $m
      (import "" "f" (func $f (param i32)))
      (func (export "g") (call $f (i32.const 0))))
    (core instance $m (instantiate $m (with "" (instance (export "f" (func $f))))))
    (func (export "g") (canon lift (core func $m "g"))))
  (instance $a (instantiate $worker))
  (instance $b (instantiate $caller (with "f" (func $a "f"))))
  (export "g" (func $b "g")))
