(module $fused
  (type (;0;) (func))
  (import "host" "ping" (func (;0;) (type 0)))
  (export "run" (func 1))
  (start $start)
  (func (;1;) (type 0))
  (func $start (;2;) (type 0)
    call 0
    call 0
  )
)
