(module $fused
  (type (;0;) (func))
  (type (;1;) (func (param i32)))
  (table $app/main::functions (;0;) 1 funcref)
  (memory $app/main::heap (;0;) 1)
  (tag $app/main::oops (;0;) (type 0))
  (global $app/main::stack (;0;) (mut i32) i32.const 0)
  (export "run" (func $_ZN4core3fmt5write17h0123456789abcdefE.app/main))
  (export "heap" (memory $app/main::heap))
  (elem $app/main::init (;0;) (i32.const 0) func $app/main::core::fmt::write)
  (func $app/main::core::fmt::write (;0;) (type 0))
  (func $_ZN4core3fmt5write17h0123456789abcdefE.app/main (;1;) (type 1) (param i32)
    (local i32)
    i32.const 0
    call_indirect (type 0)
    i32.const 1
    global.set $app/main::stack
    throw $app/main::oops
  )
  (data $app/main::text (;0;) (i32.const 0) "a")
)
