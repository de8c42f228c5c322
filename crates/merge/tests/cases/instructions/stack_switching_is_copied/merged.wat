(module $fused
  (type (;0;) (func))
  (type (;1;) (func (result i32)))
  (type (;2;) (func (param i32) (result i64)))
  (type (;3;) (func (param i64)))
  (type (;4;) (cont 3))
  (type (;5;) (func (result i32 (ref 4))))
  (type (;6;) (cont 0))
  (tag $a::yield (;0;) (type 2) (param i32) (result i64))
  (export "run" (func 1))
  (elem (;0;) declare func $b::gen)
  (func $b::gen (;0;) (type 0)
    i32.const 1
    suspend $a::yield
    drop
  )
  (func (;1;) (type 1) (result i32)
    block (type 5) (result i32 (ref 4)) ;; label = @1
      ref.func $b::gen
      cont.new 6
      resume 6 (on $a::yield 0 (;@1;))
      i32.const 0
      return
    end
    drop
  )
)
