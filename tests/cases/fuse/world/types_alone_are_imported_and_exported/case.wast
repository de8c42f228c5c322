;; A component may have types and nothing else. What it exports may be what it imports.

(component definition $types
  (type $u32 u32)
  (import "number" (type $number (eq $u32)))
  (type $pair (record (field "x" u32) (field "y" u32)))
  (import "point" (type $point (eq $pair)))
  (type $shape (variant (case "nothing") (case "at" $point)))
  (export "number" (type $number))
  (export "shape" (type $shape))
  (export "place" (type $point)))

(component instance $t $types)

(component definition $C
  (component $types
    (type $order (enum "up" "down"))
    (export "order" (type $order)))
  (instance $types (instantiate $types))
  (alias export $types "order" (type $order))
  (component $user
    (type $updown (enum "up" "down"))
    (import "order" (type $order (eq $updown)))
    (core module $m (func (export "f") (param i32) (result i32) (i32.xor (local.get 0) (i32.const 1))))
    (core instance $m (instantiate $m))
    (export $again "order" (type $order))
    (func (export "turn") (param "x" $again) (result $again) (canon lift (core func $m "f"))))
  (instance $user (instantiate $user (with "order" (type $order))))
  (alias export $user "order" (type $exported))
  (export $out "order" (type $exported))
  (export "turn" (func $user "turn") (func (param "x" $out) (result $out))))

(component instance $i $C)

(assert_return (invoke "turn" (enum.const "up")) (enum.const "down"))
