(module $fused
  (type (;0;) (func))
  (type (;1;) (func (param i32)))
  (table $app::functions (;0;) 1 funcref)
  (memory $app::heap (;0;) 1)
  (tag $app::oops (;0;) (type 0))
  (global $app::stack (;0;) (mut i32) i32.const 0)
  (export "run" (func $_ZN4core3fmt5write17h0123456789abcdefE.app))
  (export "heap" (memory $app::heap))
  (elem $app::init (;0;) (i32.const 0) func $app::core::fmt::write)
  (func $app::core::fmt::write (;0;) (type 0))
  (func $_ZN4core3fmt5write17h0123456789abcdefE.app (;1;) (type 1) (param i32)
    (local i32)
    i32.const 0
    call_indirect (type 0)
    i32.const 1
    global.set $app::stack
    throw $app::oops
  )
  (data $app::text (;0;) (i32.const 0) "a")
)
