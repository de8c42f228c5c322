;; `around` has start functions on either side of the imported component, whose code may do anything when it
;; is instantiated: no order of two components is the composition's.
(component
  (import "log" (func $log (param "n" u32)))
  (import "x" (component $x (export "g" (func))))
  (component $around
    (import "log" (func $log (param "n" u32)))
    (import "x" (component $x (export "g" (func))))
    (core func $log (canon lower (func $log)))
    (core module $m
      (import "" "log" (func $log (param i32)))
      (func $start (call $log (i32.const 1)))
      (start $start)
      (func (export "run")))
    (core instance $before (instantiate $m (with "" (instance (export "log" (func $log))))))
    (instance $x (instantiate $x))
    (core instance $after (instantiate $m (with "" (instance (export "log" (func $log))))))
    (func (export "run") (canon lift (core func $after "run")))
    (export "g" (func $x "g")))
  (instance $around (instantiate $around (with "log" (func $log)) (with "x" (component $x))))
  (export "run" (func $around "run"))
  (export "g" (func $around "g")))
