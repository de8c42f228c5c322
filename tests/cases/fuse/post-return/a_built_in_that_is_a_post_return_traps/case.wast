;; A handle is not dropped in `post-return`, and not if all of that is the built-in itself, either:
;; called by the host, and by another component.

(component definition $C
  (component $maker
    (type $R (resource (rep i32)))
    (core func $new (canon resource.new $R))
    (core func $drop (canon resource.drop $R))
    (func (export "make") (param "rep" u32) (result u32)
      (canon lift (core func $new) (post-return (core func $drop)))))
  (instance $maker (instantiate $maker))
  (component $user
    (import "make" (func $make (param "rep" u32) (result u32)))
    (core func $make (canon lower (func $make)))
    (func (export "make") (param "rep" u32) (result u32) (canon lift (core func $make))))
  (instance $user (instantiate $user (with "make" (func $maker "make"))))
  (export "make" (func $maker "make"))
  (export "make-through-another" (func $user "make")))

(component instance $i $C)
(assert_trap (invoke "make" (u32.const 5)) "cannot leave component instance")
(component instance $j $C)
(assert_trap (invoke "make-through-another" (u32.const 5)) "cannot leave component instance") ;; as specified
