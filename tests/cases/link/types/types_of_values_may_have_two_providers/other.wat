(component
  (type $shade (enum "light" "dark"))
  (instance $types (export "shade" (type $shade)))
  (export "demo:ink/types" (instance $types)))
