(module $fused
  (type (;0;) (func (param i32) (result i32)))
  (type (;1;) (func (param i32)))
  (tag $user::e (;0;) (type 1) (param i32))
  (export "run" (func 0))
  (func (;0;) (type 0) (param i32) (result i32)
    (local i32)
    block ;; label = @1
      loop ;; label = @2
        local.get 0
        if ;; label = @3
        end
      end
    end
    block (result i32) ;; label = @1
      try_table (catch $user::e 0 (;@1;)) ;; label = @2
        i32.const 1
        throw $user::e
      end
      unreachable
    end
    local.tee 1
    i32.const 1
    i32.add
  )
)
