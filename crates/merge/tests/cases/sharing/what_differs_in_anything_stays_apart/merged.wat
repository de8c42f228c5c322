(module $fused
  (type (;0;) (func (param i32)))
  (type (;1;) (func))
  (type (;2;) (func (result i32)))
  (type (;3;) (func (param i64)))
  (import "host" "log" (func (;0;) (type 0) (param i32)))
  (memory (;0;) 1)
  (memory (;1;) 1)
  (export "a" (func 9))
  (export "b" (func 17))
  (export "c" (func $c::asked))
  (func $shared::name-a (;1;) (type 1)
    i32.const 1
    call 0
  )
  (func $shared::memory (;2;) (type 2) (result i32)
    i32.const 0
    i32.load
  )
  (func $shared::type (;3;) (type 0) (param i32)
    i32.const 2
    call 0
  )
  (func $shared::number (;4;) (type 1)
    i32.const 3
    call 0
  )
  (func $shared::callee (;5;) (type 1)
    call $shared::number
    call $shared::number
  )
  (func $shared::asked (;6;) (type 1)
    i32.const 5
    call 0
  )
  (func $shared::circle (;7;) (type 0) (param i32)
    local.get 0
    if ;; label = @1
      local.get 0
      i32.const 1
      i32.sub
      call $shared::round
    end
  )
  (func $shared::round (;8;) (type 0) (param i32)
    local.get 0
    if ;; label = @1
      local.get 0
      i32.const 1
      i32.sub
      call $shared::circle
    end
  )
  (func (;9;) (type 1)
    i32.const 0
    i32.const 8
    i32.store
    call $shared::name-a
    call $shared::memory
    call 0
    i32.const 0
    call $shared::type
    call $shared::number
    call $shared::callee
    call $shared::asked
    i32.const 3
    call $shared::circle
  )
  (func $shared::name-b (;10;) (type 1)
    i32.const 1
    call 0
  )
  (func $"#func11 shared::memory" (@name "shared::memory") (;11;) (type 2) (result i32)
    i32.const 0
    i32.load 1
  )
  (func $"#func12 shared::type" (@name "shared::type") (;12;) (type 3) (param i64)
    i32.const 2
    call 0
  )
  (func $"#func13 shared::number" (@name "shared::number") (;13;) (type 1)
    i32.const 4
    call 0
  )
  (func $"#func14 shared::callee" (@name "shared::callee") (;14;) (type 1)
    call $"#func13 shared::number"
    call $"#func13 shared::number"
  )
  (func $"#func15 shared::circle" (@name "shared::circle") (;15;) (type 0) (param i32)
    local.get 0
    if ;; label = @1
      local.get 0
      i32.const 1
      i32.sub
      call $"#func16 shared::round"
    end
  )
  (func $"#func16 shared::round" (@name "shared::round") (;16;) (type 0) (param i32)
    local.get 0
    if ;; label = @1
      local.get 0
      i32.const 1
      i32.sub
      call $"#func15 shared::circle"
    end
  )
  (func (;17;) (type 1)
    i32.const 0
    i32.const 9
    i32.store 1
    call $shared::name-b
    call $"#func11 shared::memory"
    call 0
    i64.const 0
    call $"#func12 shared::type"
    call $"#func13 shared::number"
    call $"#func14 shared::callee"
    i32.const 3
    call $"#func15 shared::circle"
  )
  (func $c::asked (;18;) (type 1)
    i32.const 5
    call 0
  )
)
