;; `canvas` stays an import, and its types are those of `types`: the result imports the types that
;; it needs, and not the function `draw`, which `shapes` provides.
(component $app
  (import "demo:shape/types" (instance $types
    (type $point' (record (field "x" u32) (field "y" u32)))
    (export "point" (type $point (eq $point')))
    (type $color' (enum "red" "blue"))
    (export "color" (type $color (eq $color')))
    (type $line' (record (field "a" $point) (field "b" $point)))
    (export "line" (type $line (eq $line')))
    (export "draw" (func (param "l" $line) (param "c" $color)))))
  (alias export $types "line" (type $line))
  (import "demo:shape/canvas" (instance
    (alias outer $app $line (type $l))
    (export "line" (type $l2 (eq $l)))
    (export "show" (func (param "l" $l2))))))
