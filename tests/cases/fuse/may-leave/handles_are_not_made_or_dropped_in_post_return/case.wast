;; While `realloc` and `post-return` run, the instance may not be left, and making and dropping a handle
;; counts as that. Looking up the rep of one does not.

(component definition $C
  (component $maker
    (type $R (resource (rep i32)))
    (core func $new (canon resource.new $R))
    (core func $rep (canon resource.rep $R))
    (core func $drop (canon resource.drop $R))
    (core module $m
      (import "" "new" (func $new (param i32) (result i32)))
      (import "" "rep" (func $rep (param i32) (result i32)))
      (import "" "drop" (func $drop (param i32)))
      (global $h (mut i32) (i32.const 0))
      (func (export "make") (result i32)
        (global.set $h (call $new (i32.const 7)))
        (global.get $h))
      (func (export "makes") (param i32) (drop (call $new (i32.const 8))))
      (func (export "looks") (param i32) (if (i32.ne (call $rep (local.get 0)) (i32.const 7)) (then (unreachable))))
      (func (export "drops") (param i32) (call $drop (local.get 0))))
    (core instance $m (instantiate $m (with "" (instance
      (export "new" (func $new)) (export "rep" (func $rep)) (export "drop" (func $drop))))))
    (func (export "makes") (result u32)
      (canon lift (core func $m "make") (post-return (core func $m "makes"))))
    (func (export "looks") (result u32)
      (canon lift (core func $m "make") (post-return (core func $m "looks"))))
    (func (export "drops") (result u32)
      (canon lift (core func $m "make") (post-return (core func $m "drops")))))
  (instance $maker (instantiate $maker))
    (component $user
    (import "makes" (func $makes (result u32)))
    (import "looks" (func $looks (result u32)))
    (import "drops" (func $drops (result u32)))
    (core func $makes (canon lower (func $makes)))
    (core func $looks (canon lower (func $looks)))
    (core func $drops (canon lower (func $drops)))
    (core module $m
      (import "" "makes" (func $makes (result i32)))
      (import "" "looks" (func $looks (result i32)))
      (import "" "drops" (func $drops (result i32)))
      (func (export "makes") (result i32) (call $makes))
      (func (export "looks") (result i32) (call $looks))
      (func (export "drops") (result i32) (call $drops)))
    (core instance $m (instantiate $m (with "" (instance
      (export "makes" (func $makes)) (export "looks" (func $looks))
      (export "drops" (func $drops))))))
    (func (export "makes") (result u32) (canon lift (core func $m "makes")))
    (func (export "looks") (result u32) (canon lift (core func $m "looks")))
    (func (export "drops") (result u32) (canon lift (core func $m "drops"))))
  (instance $user (instantiate $user (with "makes" (func $maker "makes"))
    (with "looks" (func $maker "looks")) (with "drops" (func $maker "drops"))))
  (export "makes" (func $user "makes"))
  (export "looks" (func $user "looks"))
  (export "drops" (func $user "drops")))

(component instance $makes $C)
(assert_trap (invoke "makes") "cannot leave component instance") ;; as specified
(component instance $looks $C)
(assert_return (invoke "looks") (u32.const 1))
(component instance $drops $C)
(assert_trap (invoke "drops") "cannot leave component instance") ;; as specified
