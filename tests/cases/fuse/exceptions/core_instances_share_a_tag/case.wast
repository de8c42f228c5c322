;; One module defines a tag, another throws it, a third catches it; an instance of its own of the
;; first has another tag, which is not caught.

(component definition $C
  (core module $tags (tag (export "t") (param i32)))
  (core instance $a (instantiate $tags))
  (core instance $b (instantiate $tags))
  (core module $thrower
    (import "" "t" (tag $t (param i32)))
    (func (export "throw") (param i32) (throw $t (local.get 0))))
  (core instance $throw-a (instantiate $thrower (with "" (instance (export "t" (tag $a "t"))))))
  (core instance $throw-b (instantiate $thrower (with "" (instance (export "t" (tag $b "t"))))))
  (core module $catcher
    (import "" "t" (tag $t (param i32)))
    (import "" "throw-a" (func $throw-a (param i32)))
    (import "" "throw-b" (func $throw-b (param i32)))
    (func $catch (param $which i32) (param $value i32) (result i32)
      (block $other
        (block $caught (result i32)
          (try_table (catch $t $caught) (catch_all $other)
            (if (local.get $which)
              (then (call $throw-b (local.get $value)))
              (else (call $throw-a (local.get $value)))))
          (unreachable))
        (return))
      (i32.const -1))
    (func (export "a") (param i32) (result i32) (call $catch (i32.const 0) (local.get 0)))
    (func (export "b") (param i32) (result i32) (call $catch (i32.const 1) (local.get 0))))
  (core instance $catcher (instantiate $catcher (with "" (instance
    (export "t" (tag $a "t"))
    (export "throw-a" (func $throw-a "throw")) (export "throw-b" (func $throw-b "throw"))))))
  (func (export "a") (param "x" s32) (result s32) (canon lift (core func $catcher "a")))
  (func (export "b") (param "x" s32) (result s32) (canon lift (core func $catcher "b"))))

(component instance $i $C)

(assert_return (invoke "a" (s32.const 5)) (s32.const 5))
(assert_return (invoke "b" (s32.const 5)) (s32.const -1))
