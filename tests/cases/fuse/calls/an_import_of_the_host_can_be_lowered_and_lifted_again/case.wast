;; A component that lowers an import of the whole composition and lifts it again under another
;; type has no core module at all.

(component definition $C
  (import "f" (func $f (param "x" u8) (result u8)))
  (core func $f (canon lower (func $f)))
  (func (export "f") (param "x" u32) (result u32) (canon lift (core func $f))))

(component instance $i $C)

(assert_return (invoke "f" (u32.const 0x1ff)) (u32.const 255))
