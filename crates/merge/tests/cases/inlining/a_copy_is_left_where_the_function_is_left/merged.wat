(module $fused
  (type (;0;) (func (param i32) (result i64)))
  (type (;1;) (func (param i32) (result i32 i32)))
  (type (;2;) (func (param i32) (result i32)))
  (global $lib::told (;0;) (mut i32) i32.const 7)
  (export "clamp" (func 2))
  (export "pick" (func 0))
  (export "tell" (func 3))
  (export "two" (func 4))
  (func (;0;) (type 0) (param i32) (result i64)
    block ;; label = @1
      block ;; label = @2
        local.get 0
        i32.eqz
        br_if 0 (;@2;)
        local.get 0
        i32.const 1
        i32.eq
        br_if 1 (;@1;)
        i64.const 5
        return
      end
      i64.const 6
      return
    end
    i64.const 7
  )
  (func (;1;) (type 1) (param i32) (result i32 i32)
    local.get 0
    if ;; label = @1
      i32.const 1
      i32.const 2
      return
    end
    i32.const 3
    i32.const 4
  )
  (func (;2;) (type 2) (param i32) (result i32)
    (local i32)
    block (result i32) ;; label = @1
      local.get 0
      local.set 1
      block (result i32) ;; label = @2
        local.get 1
        i32.const 10
        i32.gt_s
        if ;; label = @3
          i32.const 10
          br 1 (;@2;)
        end
        block ;; label = @3
          local.get 1
          i32.const 0
          i32.lt_s
          br_if 0 (;@3;)
          local.get 1
          br 1 (;@2;)
        end
        i32.const 0
      end
      i32.const 1000
      i32.add
    end
  )
  (func (;3;) (type 2) (param i32) (result i32)
    (local i32)
    local.get 0
    local.set 1
    block ;; label = @1
      local.get 1
      i32.eqz
      br_if 0 (;@1;)
      block ;; label = @2
        local.get 1
        global.set $lib::told
        local.get 1
        i32.const 4
        i32.eq
        br_if 1 (;@1;)
      end
      global.get $lib::told
      i32.const 100
      i32.add
      global.set $lib::told
    end
    global.get $lib::told
  )
  (func (;4;) (type 2) (param i32) (result i32)
    local.get 0
    call 1
    i32.sub
  )
)
