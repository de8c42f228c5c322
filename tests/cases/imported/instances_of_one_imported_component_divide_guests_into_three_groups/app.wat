;; Guests that no instance of the imported component separates are together: `zero`, `first` and `both`;
;; `third`; `last` and `all`.
(component
  (import "log" (func $log (param "n" u32)))
  (import "step" (component $step
    (import "of" (func (result u32)))
    (export "value" (func (result u32)))))
  (component $zero
    (core module $m (func (export "value") (result i32) (i32.const 100)))
    (core instance $m (instantiate $m))
    (func (export "value") (result u32) (canon lift (core func $m "value"))))
  (component $add
    (import "of" (func $of (result u32)))
    (core func $of (canon lower (func $of)))
    (core module $m
      (import "" "of" (func $of (result i32)))
      (func (export "value") (result i32) (i32.add (call $of) (i32.const 1))))
    (core instance $m (instantiate $m (with "" (instance (export "of" (func $of))))))
    (func (export "value") (result u32) (canon lift (core func $m "value"))))
  (component $log-twice
    (import "log" (func $log (param "n" u32)))
    (import "one" (func $one (result u32)))
    (import "other" (func $other (result u32)))
    (core func $log (canon lower (func $log)))
    (core func $one (canon lower (func $one)))
    (core func $other (canon lower (func $other)))
    (core module $m
      (import "" "log" (func $log (param i32)))
      (import "" "one" (func $one (result i32)))
      (import "" "other" (func $other (result i32)))
      (func (export "value") (result i32)
        (call $log (call $one)) (call $log (call $other)) (call $one)))
    (core instance $m (instantiate $m (with "" (instance
      (export "log" (func $log)) (export "one" (func $one)) (export "other" (func $other))))))
    (func (export "value") (result u32) (canon lift (core func $m "value"))))
  (instance $zero (instantiate $zero))
  (instance $first (instantiate $add (with "of" (func $zero "value"))))
  (instance $second (instantiate $step (with "of" (func $first "value"))))
  (instance $third (instantiate $add (with "of" (func $second "value"))))
  (instance $fourth (instantiate $step (with "of" (func $third "value"))))
  (instance $beside (instantiate $step (with "of" (func $zero "value"))))
  (instance $both (instantiate $log-twice
    (with "log" (func $log)) (with "one" (func $first "value")) (with "other" (func $zero "value"))))
  (instance $last (instantiate $log-twice
    (with "log" (func $log)) (with "one" (func $fourth "value")) (with "other" (func $beside "value"))))
  (instance $all (instantiate $log-twice
    (with "log" (func $log)) (with "one" (func $last "value")) (with "other" (func $both "value"))))
  (export "run" (func $all "value")))
