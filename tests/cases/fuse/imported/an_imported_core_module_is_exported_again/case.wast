;; A core module that the root imports, alone or in an instance, may be passed on.
(component
  (import "log" (func $log (param "n" u32)))
  (core type $libc (module
    (import "env" "log" (func (param i32)))
    (export "memory" (memory 1))
    (export "first-byte" (func (param i32) (result i32)))))
  (import "libc" (core module $libc (type $libc)))
  (import "modules" (instance $modules
    (core type $only (module (import "env" "log" (func (param i32))) (export "memory" (memory 1))))
    (export "one" (core module (type $only)))))
  (alias export $modules "one" (core module $one))
  (core module $own (func (export "f") (result i32) (i32.const 3)))

  (component $inner
    (import "m" (core module $m (export "f" (func (result i32)))))
    (core instance $m (instantiate $m))
    (func (export "f") (result u32) (canon lift (core func $m "f"))))
  (instance $inner (instantiate $inner (with "m" (core module $own))))

  (core func $log (canon lower (func $log)))
  (core instance $one (instantiate $one (with "env" (instance (export "log" (func $log))))))
  (core module $size
    (import "one" "memory" (memory 1))
    (func (export "size") (result i32) (memory.size)))
  (core instance $size (instantiate $size (with "one" (instance $one))))
  (export "libc" (core module $libc))
  (export "again" (core module $one))
  (export "own" (core module $own))
  (func (export "size") (result u32) (canon lift (core func $size "size")))
  (export "f" (func $inner "f")))

(assert_return (invoke "size") (u32.const 1))

(assert_return (invoke "f") (u32.const 3))
