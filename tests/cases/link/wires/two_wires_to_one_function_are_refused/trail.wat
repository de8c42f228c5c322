(component
  (core module $code
    (func (export "keep") (param i32) (result i32) (i32.add (i32.const 30) (local.get 0)))
    (func (export "end") (result i32) (i32.const 4)))
  (core instance $instance (instantiate $code))
  (type $level' (enum "low" "high"))
  (export $level "level" (type $level'))
  (func (export "keep") (param "level" $level) (result u32) (canon lift (core func $instance "keep")))
  (func $end (result u32) (canon lift (core func $instance "end")))
  (instance $more (export "end" (func $end)))
  (export "demo:trail/more" (instance $more)))
