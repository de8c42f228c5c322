;; A custom section is not validated. The exported component is written again, because it has an outer
;; alias, and its names are copied as they are.
(component
  (core module $m (func (export "f") (result i32) (i32.const 7)))
  (component $carried
    (alias outer 1 $m (core module $m))
    (core instance $i (instantiate $m))
    (func (export "f") (result u32) (canon lift (core func $i "f")))
    (@custom "component-name" "\01\ff"))
  (export "carried" (component $carried))
  (core instance $i (instantiate $m))
  (func (export "f") (result u32) (canon lift (core func $i "f"))))

