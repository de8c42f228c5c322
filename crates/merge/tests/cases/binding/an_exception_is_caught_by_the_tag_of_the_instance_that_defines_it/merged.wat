(module $fused
  (type (;0;) (func (param i64)))
  (type (;1;) (func (param i32)))
  (type (;2;) (func (param i32) (result i32)))
  (import "host" "tag" (tag (;0;) (type 0) (param i64)))
  (tag $a::e (;1;) (type 1) (param i32))
  (tag $b::own (;2;) (type 1) (param i32))
  (export "run" (func 2))
  (export "other" (func 3))
  (func (;0;) (type 1) (param i32)
    local.get 0
    throw $a::e
  )
  (func (;1;) (type 1) (param i32)
    local.get 0
    throw $b::own
  )
  (func (;2;) (type 2) (param i32) (result i32)
    block (result i32) ;; label = @1
      try_table (result i32) (catch $a::e 0 (;@1;)) ;; label = @2
        local.get 0
        call 0
        i32.const -1
      end
    end
  )
  (func (;3;) (type 2) (param i32) (result i32)
    block (result i32) ;; label = @1
      block (result i64) ;; label = @2
        try_table (result i32) (catch $a::e 1 (;@1;)) (catch 0 0 (;@2;)) ;; label = @3
          local.get 0
          call 1
          i32.const -1
        end
        return
      end
      i32.wrap_i64
    end
  )
)
