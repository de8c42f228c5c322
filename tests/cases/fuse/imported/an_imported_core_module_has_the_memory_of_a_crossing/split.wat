;; line 3
(component
  (type (;0;) (func (param "n" u32)))
  (import "log" (func (;0;) (type 0)))
  (core type (;0;)
    (module
      (type (;0;) (func (param i32)))
      (import "env" "log" (func (type 0) (param i32)))
      (export "memory" (memory 1))
      (export "table" (table 4 funcref))
      (export "base" (global i32))
      (type (;1;) (func (param i32 i32 i32 i32) (result i32)))
      (export "realloc" (func (type 1) (param i32 i32 i32 i32) (result i32)))
      (type (;2;) (func (param i32) (result i32)))
      (export "first-byte" (func (type 2) (param i32) (result i32)))
    )
  )
  (import "libc" (core module (;0;) (type 0)))
  (core module $words/code (;1;)
    (type (;0;) (func (param i32)))
    (type (;1;) (func (param i32 i32 i32 i32) (result i32)))
    (type (;2;) (func (param i32 i32) (result i32)))
    (type (;3;) (func))
    (type (;4;) (func (param i32 i64)))
    (type (;5;) (func (result i32)))
    (type (;6;) (func (param i32 i32 i32)))
    (type (;7;) (func (param i32 v128 v128 v128 v128 v128 v128 v128 v128)))
    (type (;8;) (func (param i32 i32)))
    (type (;9;) (func (param i32 v128)))
    (import "$root" "log" (func (;0;) (type 0) (param i32)))
    (memory (;0;) 1)
    (global $words::top (;0;) (mut i32) i32.const 256)
    (export "words/code.realloc" (func 1))
    (export "words/code.last" (func 2))
    (export "words/code.memory i64_store" (func $i64_store))
    (export "words/code.memory i64_store32" (func $i64_store32))
    (export "words/code.memory i64_store8" (func $i64_store8))
    (export "words/code.memory i64_store16" (func $i64_store16))
    (export "words/code.memory memory_size" (func $memory_size))
    (export "words/code.memory memory_copy" (func $memory_copy))
    (export "words/code.memory write batch" (func $"write batch"))
    (export "words/code.memory i32_store8" (func $i32_store8))
    (export "words/code.memory v128_store" (func $v128_store))
    (export "words/code.memory v128_store+16" (func $v128_store+16))
    (export "words/code.memory v128_store+32" (func $v128_store+32))
    (export "words/code.memory v128_store+48" (func $v128_store+48))
    (start $app::start)
    (func (;1;) (type 1) (param i32 i32 i32 i32) (result i32)
      global.get $words::top
      global.get $words::top
      local.get 3
      i32.add
      global.set $words::top
    )
    (func (;2;) (type 2) (param i32 i32) (result i32)
      local.get 0
      local.get 1
      i32.add
      i32.const 1
      i32.sub
      i32.load8_u
    )
    (func $app::start (;3;) (type 3)
      i32.const 1
      call 0
    )
    (func $i64_store (;4;) (type 4) (param i32 i64)
      local.get 0
      local.get 1
      i64.store align=1
    )
    (func $i64_store32 (;5;) (type 4) (param i32 i64)
      local.get 0
      local.get 1
      i64.store32 align=1
    )
    (func $i64_store8 (;6;) (type 4) (param i32 i64)
      local.get 0
      local.get 1
      i64.store8
    )
    (func $i64_store16 (;7;) (type 4) (param i32 i64)
      local.get 0
      local.get 1
      i64.store16 align=1
    )
    (func $memory_size (;8;) (type 5) (result i32)
      memory.size
    )
    (func $memory_copy (;9;) (type 6) (param i32 i32 i32)
      local.get 0
      local.get 1
      local.get 2
      memory.copy
    )
    (func $"write batch" (;10;) (type 7) (param i32 v128 v128 v128 v128 v128 v128 v128 v128)
      local.get 0
      local.get 1
      v128.store align=1
      local.get 0
      local.get 2
      v128.store offset=16 align=1
      local.get 0
      local.get 3
      v128.store offset=32 align=1
      local.get 0
      local.get 4
      v128.store offset=48 align=1
      local.get 0
      local.get 5
      v128.store offset=64 align=1
      local.get 0
      local.get 6
      v128.store offset=80 align=1
      local.get 0
      local.get 7
      v128.store offset=96 align=1
      local.get 0
      local.get 8
      v128.store offset=112 align=1
    )
    (func $i32_store8 (;11;) (type 8) (param i32 i32)
      local.get 0
      local.get 1
      i32.store8
    )
    (func $v128_store (;12;) (type 9) (param i32 v128)
      local.get 0
      local.get 1
      v128.store align=1
    )
    (func $v128_store+16 (;13;) (type 9) (param i32 v128)
      local.get 0
      local.get 1
      v128.store offset=16 align=1
    )
    (func $v128_store+32 (;14;) (type 9) (param i32 v128)
      local.get 0
      local.get 1
      v128.store offset=32 align=1
    )
    (func $v128_store+48 (;15;) (type 9) (param i32 v128)
      local.get 0
      local.get 1
      v128.store offset=48 align=1
    )
    (@producers
      (processed-by "wasm-fuser" "0.1.0")
    )
    (@custom "target_features" (after code) "\04+\0bbulk-memory+\0fbulk-memory-opt+\0fmutable-globals+\07simd128")
  )
  (core func (;0;) (canon lower (func 0)))
  (core instance (;0;)
    (export "log" (func 0))
  )
  (core instance $words/code (;1;) (instantiate $words/code
      (with "$root" (instance 0))
    )
  )
  (core instance (;2;)
    (export "log" (func 0))
  )
  (core instance $app/libc (;3;) (instantiate 0
      (with "env" (instance 2))
    )
  )
  (core module $runtime (;2;)
    (type (;0;) (func (param i32)))
    (type (;1;) (func (param i32 i32 i32 i32) (result i32)))
    (type (;2;) (func (param i32 i32) (result i32)))
    (type (;3;) (func (param i32 i64)))
    (type (;4;) (func (result i32)))
    (type (;5;) (func (param i32 i32 i32)))
    (type (;6;) (func (param i32 v128 v128 v128 v128 v128 v128 v128 v128)))
    (type (;7;) (func (param i32 i32)))
    (type (;8;) (func (param i32 v128)))
    (type (;9;) (func))
    (type (;10;) (func (param i32 i32 i64 i64)))
    (type (;11;) (func (param i32 i32 v128)))
    (import "$root" "log" (func (;0;) (type 0) (param i32)))
    (import "words/code" "words/code.realloc" (func (;1;) (type 1) (param i32 i32 i32 i32) (result i32)))
    (import "words/code" "words/code.last" (func (;2;) (type 2) (param i32 i32) (result i32)))
    (import "words/code" "words/code.memory i64_store" (func (;3;) (type 3) (param i32 i64)))
    (import "words/code" "words/code.memory i64_store32" (func (;4;) (type 3) (param i32 i64)))
    (import "words/code" "words/code.memory i64_store8" (func (;5;) (type 3) (param i32 i64)))
    (import "words/code" "words/code.memory i64_store16" (func (;6;) (type 3) (param i32 i64)))
    (import "words/code" "words/code.memory memory_size" (func (;7;) (type 4) (result i32)))
    (import "words/code" "words/code.memory memory_copy" (func (;8;) (type 5) (param i32 i32 i32)))
    (import "words/code" "words/code.memory write batch" (func (;9;) (type 6) (param i32 v128 v128 v128 v128 v128 v128 v128 v128)))
    (import "words/code" "words/code.memory i32_store8" (func (;10;) (type 7) (param i32 i32)))
    (import "words/code" "words/code.memory v128_store" (func (;11;) (type 8) (param i32 v128)))
    (import "words/code" "words/code.memory v128_store+16" (func (;12;) (type 8) (param i32 v128)))
    (import "words/code" "words/code.memory v128_store+32" (func (;13;) (type 8) (param i32 v128)))
    (import "words/code" "words/code.memory v128_store+48" (func (;14;) (type 8) (param i32 v128)))
    (import "app/libc" "memory" (memory (;0;) 1))
    (import "app/libc" "base" (global (;0;) i32))
    (global $runtime::one_pass (;1;) i32 i32.const 128)
    (export "last" (func 26))
    (start $app::start)
    (func $"runtime::canon trap: string is not valid UTF-8" (;15;) (type 9)
      unreachable
    )
    (func $"runtime::copy short UTF-8" (;16;) (type 5) (param i32 i32 i32)
      (local i32 i64 i64)
      block ;; label = @1
        local.get 1
        i32.const 16
        i32.le_u
        if ;; label = @2
          local.get 1
          i32.const 8
          i32.gt_u
          if ;; label = @3
            local.get 2
            local.get 0
            i64.load align=1
            local.tee 4
            call 3
            local.get 1
            i32.const 8
            i32.sub
            local.set 3
            local.get 2
            local.get 3
            i32.add
            local.get 0
            local.get 3
            i32.add
            i64.load align=1
            local.tee 5
            call 3
          else
            local.get 1
            i32.const 4
            i32.ge_u
            if ;; label = @4
              local.get 2
              local.get 0
              i64.load32_u align=1
              local.tee 4
              call 4
              local.get 1
              i32.const 4
              i32.sub
              local.set 3
              local.get 2
              local.get 3
              i32.add
              local.get 0
              local.get 3
              i32.add
              i64.load32_u align=1
              local.tee 5
              call 4
            else
              local.get 1
              i32.eqz
              br_if 3 (;@1;)
              local.get 2
              local.get 0
              i64.load8_u
              local.tee 4
              call 5
              local.get 1
              i32.const 1
              i32.gt_u
              if ;; label = @5
                local.get 1
                i32.const 2
                i32.sub
                local.set 3
                local.get 2
                local.get 3
                i32.add
                local.get 0
                local.get 3
                i32.add
                i64.load16_u align=1
                local.tee 5
                call 6
              end
            end
          end
          local.get 4
          local.get 5
          i64.or
          i64.const -9187201950435737472
          i64.and
          i64.eqz
          br_if 1 (;@1;)
          local.get 0
          local.get 1
          local.get 4
          local.get 5
          call $"runtime::validate short UTF-8"
          br 1 (;@1;)
        end
        local.get 0
        local.get 1
        local.get 2
        call $"runtime::copy UTF-8"
      end
    )
    (func $"runtime::validate short UTF-8" (;17;) (type 10) (param i32 i32 i64 i64)
      (local i64 i64)
      local.get 1
      i32.const 8
      i32.gt_u
      if ;; label = @1
        local.get 3
        i32.const 16
        local.get 1
        i32.sub
        i32.const 3
        i32.shl
        i64.extend_i32_u
        i64.shr_u
        local.set 3
      else
        local.get 2
        local.get 3
        local.get 1
        i32.const 4
        i32.const 2
        local.get 1
        i32.const 4
        i32.ge_u
        select
        i32.sub
        i32.const 3
        i32.shl
        i64.extend_i32_u
        i64.shl
        i64.or
        local.set 2
        i64.const 0
        local.set 3
      end
      local.get 2
      local.get 2
      i64.const 1
      i64.shl
      i64.and
      local.set 4
      local.get 3
      local.get 3
      i64.const 1
      i64.shl
      i64.and
      local.set 5
      local.get 4
      local.get 2
      i64.const 2
      i64.shl
      i64.and
      local.get 5
      local.get 3
      i64.const 2
      i64.shl
      i64.and
      i64.or
      i64.const -9187201950435737472
      i64.and
      i64.const 0
      i64.ne
      if ;; label = @1
        local.get 0
        i32.const 16
        i32.add
        i32.const 0
        i32.const -1
        local.get 1
        i32.const 16
        i32.eq
        select
        local.get 2
        i64x2.splat
        local.get 3
        i64x2.replace_lane 1
        call $"runtime::validate UTF-8"
        return
      end
      local.get 2
      local.get 2
      i64.const 1
      i64.shl
      i64.const -1
      i64.xor
      i64.and
      local.get 4
      i64.const 8
      i64.shl
      i64.xor
      local.get 3
      local.get 3
      i64.const 1
      i64.shl
      i64.const -1
      i64.xor
      i64.and
      local.get 5
      i64.const 8
      i64.shl
      local.get 4
      i64.const 56
      i64.shr_u
      i64.or
      i64.xor
      i64.or
      local.get 5
      i64.const -9223372036854775808
      i64.and
      local.get 4
      local.get 2
      i64.const 2170205185142300190
      i64.and
      i64.const 9114861777597660798
      i64.add
      i64.const -1
      i64.xor
      i64.and
      local.get 5
      local.get 3
      i64.const 2170205185142300190
      i64.and
      i64.const 9114861777597660798
      i64.add
      i64.const -1
      i64.xor
      i64.and
      i64.or
      i64.or
      i64.or
      i64.const -9187201950435737472
      i64.and
      i64.const 0
      i64.ne
      if ;; label = @1
        call $"runtime::canon trap: string is not valid UTF-8"
      end
    )
    (func $"runtime::copy UTF-8" (;18;) (type 5) (param i32 i32 i32)
      (local i32 i32 v128 v128 v128 v128 v128)
      local.get 1
      global.get $runtime::one_pass
      i32.gt_u
      if ;; label = @1
        local.get 0
        local.get 1
        v128.const i32x4 0x00000000 0x00000000 0x00000000 0x00000000
        call $"runtime::validate UTF-8"
        local.get 2
        local.get 0
        local.get 1
        call $memory.copy
        return
      end
      local.get 0
      local.get 1
      i32.const 16
      i32.sub
      i32.add
      local.set 4
      local.get 4
      v128.load align=1
      local.set 9
      local.get 2
      local.get 1
      i32.const 16
      i32.sub
      i32.add
      local.get 9
      call 11
      local.get 0
      local.set 3
      block ;; label = @1
        loop ;; label = @2
          local.get 4
          local.get 3
          i32.sub
          i32.const 64
          i32.lt_u
          br_if 1 (;@1;)
          local.get 2
          local.get 3
          v128.load align=1
          local.tee 5
          call 11
          local.get 2
          local.get 3
          v128.load offset=16 align=1
          local.tee 6
          call 12
          local.get 2
          local.get 3
          v128.load offset=32 align=1
          local.tee 7
          call 13
          local.get 2
          local.get 3
          v128.load offset=48 align=1
          local.tee 8
          call 14
          local.get 9
          local.get 5
          local.get 6
          v128.or
          local.get 7
          local.get 8
          v128.or
          v128.or
          v128.or
          local.set 9
          local.get 2
          i32.const 64
          i32.add
          local.set 2
          local.get 3
          i32.const 64
          i32.add
          local.set 3
          br 0 (;@2;)
        end
      end
      loop ;; label = @1
        local.get 3
        local.get 4
        i32.lt_u
        if ;; label = @2
          local.get 2
          local.get 3
          v128.load align=1
          local.tee 5
          call 11
          local.get 9
          local.get 5
          v128.or
          local.set 9
          local.get 2
          i32.const 16
          i32.add
          local.set 2
          local.get 3
          i32.const 16
          i32.add
          local.set 3
          br 1 (;@1;)
        end
      end
      local.get 9
      i8x16.bitmask
      if ;; label = @1
        local.get 0
        local.get 1
        v128.const i32x4 0x00000000 0x00000000 0x00000000 0x00000000
        call $"runtime::validate UTF-8"
      end
    )
    (func $"runtime::validate UTF-8" (;19;) (type 11) (param i32 i32 v128)
      (local v128 v128 v128)
      loop ;; label = @1
        local.get 3
        local.get 2
        i8x16.shuffle 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30
        local.set 4
        local.get 5
        local.get 3
        local.get 2
        i8x16.shuffle 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29
        i32.const 96
        i8x16.splat
        i8x16.sub_sat_u
        local.get 3
        local.get 2
        i8x16.shuffle 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28
        i32.const 112
        i8x16.splat
        i8x16.sub_sat_u
        v128.or
        i32.const 128
        i8x16.splat
        v128.and
        v128.const i32x4 0x02020202 0x02020202 0x80808080 0x49150121
        local.get 4
        i32.const 4
        i8x16.shr_u
        i8x16.swizzle
        v128.const i32x4 0x8383a3e7 0xcbcbcb8b 0xcbcbcbcb 0xcbcbdbcb
        local.get 4
        i32.const 15
        i8x16.splat
        v128.and
        i8x16.swizzle
        v128.and
        v128.const i32x4 0x01010101 0x01010101 0xbabaaee6 0x01010101
        local.get 2
        i32.const 4
        i8x16.shr_u
        i8x16.swizzle
        v128.and
        v128.xor
        v128.or
        local.set 5
        local.get 1
        i32.const 0
        i32.ge_s
        if ;; label = @2
          local.get 2
          local.set 3
          local.get 2
          i8x16.bitmask
          i32.eqz
          if ;; label = @3
            block ;; label = @4
              loop ;; label = @5
                local.get 1
                i32.const 64
                i32.lt_s
                br_if 1 (;@4;)
                local.get 0
                v128.load align=1
                local.get 0
                v128.load offset=16 align=1
                v128.or
                local.get 0
                v128.load offset=32 align=1
                local.get 0
                v128.load offset=48 align=1
                v128.or
                v128.or
                i8x16.bitmask
                br_if 1 (;@4;)
                local.get 0
                i32.const 64
                i32.add
                local.set 0
                local.get 1
                i32.const 64
                i32.sub
                local.set 1
                br 0 (;@5;)
              end
            end
          end
          local.get 1
          i32.const 16
          i32.ge_s
          if (result v128) ;; label = @3
            local.get 0
            v128.load align=1
          else
            local.get 0
            i32.const 16
            local.get 1
            i32.sub
            i32.sub
            v128.load align=1
            v128.const i32x4 0x03020100 0x07060504 0x0b0a0908 0x0f0e0d0c
            i32.const 16
            local.get 1
            i32.sub
            i8x16.splat
            i8x16.add
            i8x16.swizzle
          end
          local.set 2
          local.get 0
          i32.const 16
          i32.add
          local.set 0
          local.get 1
          i32.const 16
          i32.sub
          local.set 1
          br 1 (;@1;)
        end
      end
      local.get 5
      v128.any_true
      if ;; label = @1
        call $"runtime::canon trap: string is not valid UTF-8"
      end
    )
    (func $"shim::lower1 last" (;20;) (type 2) (param i32 i32) (result i32)
      (local i32 i32 i32 i32 i32 i32)
      local.get 0
      local.set 4
      local.get 1
      local.set 5
      local.get 4
      local.get 5
      call $"shim::move string"
      local.set 6
      local.get 5
      local.set 7
      local.get 6
      local.set 2
      local.get 7
      local.set 3
      local.get 2
      local.get 3
      call 2
      local.set 4
      local.get 4
      local.set 7
      local.get 7
    )
    (func $"shim::move string" (;21;) (type 2) (param i32 i32) (result i32)
      (local i32 i32)
      local.get 1
      i32.const 268435455
      i32.gt_u
      if ;; label = @1
        call $"shim::canon trap: string is too long"
        unreachable
      end
      local.get 1
      local.set 2
      local.get 0
      i64.extend_i32_u
      local.get 2
      i64.extend_i32_u
      i64.add
      memory.size
      i64.extend_i32_u
      i64.const 16
      i64.shl
      i64.gt_u
      if ;; label = @1
        call $"shim::canon trap: string is out of bounds"
        unreachable
      end
      i32.const 0
      i32.const 0
      i32.const 1
      local.get 2
      call 1
      local.set 3
      local.get 3
      i64.extend_i32_u
      local.get 2
      i64.extend_i32_u
      i64.add
      call 7
      i64.extend_i32_u
      i64.const 16
      i64.shl
      i64.gt_u
      if ;; label = @1
        call $"shim::canon trap: result of realloc is out of bounds"
        unreachable
      end
      local.get 0
      local.get 2
      local.get 3
      call $"runtime::copy short UTF-8"
      local.get 3
    )
    (func $"shim::canon trap: string is too long" (;22;) (type 9)
      unreachable
    )
    (func $"shim::canon trap: string is out of bounds" (;23;) (type 9)
      unreachable
    )
    (func $"shim::canon trap: result of realloc is out of bounds" (;24;) (type 9)
      unreachable
    )
    (func $app::start (;25;) (type 9)
      i32.const 3
      call 0
    )
    (func (;26;) (type 4) (result i32)
      global.get 0
      i32.const 8
      call $"shim::lower1 last"
    )
    (func $memory.copy (;27;) (type 5) (param i32 i32 i32)
      (local i64 i64 i64)
      local.get 0
      i64.extend_i32_u
      local.set 3
      local.get 1
      i64.extend_i32_u
      local.set 4
      local.get 2
      i64.extend_i32_u
      local.set 5
      local.get 5
      memory.size
      i64.extend_i32_u
      i64.const 16
      i64.shl
      i64.gt_u
      local.get 4
      memory.size
      i64.extend_i32_u
      i64.const 16
      i64.shl
      local.get 5
      i64.sub
      i64.gt_u
      i32.or
      if ;; label = @1
        local.get 4
        i32.wrap_i64
        local.get 4
        i32.wrap_i64
        local.get 5
        i32.wrap_i64
        memory.copy
      end
      local.get 5
      call 7
      i64.extend_i32_u
      i64.const 16
      i64.shl
      i64.gt_u
      local.get 3
      call 7
      i64.extend_i32_u
      i64.const 16
      i64.shl
      local.get 5
      i64.sub
      i64.gt_u
      i32.or
      if ;; label = @1
        local.get 3
        i32.wrap_i64
        local.get 3
        i32.wrap_i64
        local.get 5
        i32.wrap_i64
        call 8
      end
      block ;; label = @1
        loop ;; label = @2
          local.get 5
          i64.const 128
          i64.lt_u
          br_if 1 (;@1;)
          local.get 3
          i32.wrap_i64
          local.get 4
          i32.wrap_i64
          v128.load align=1
          local.get 4
          i32.wrap_i64
          v128.load offset=16 align=1
          local.get 4
          i32.wrap_i64
          v128.load offset=32 align=1
          local.get 4
          i32.wrap_i64
          v128.load offset=48 align=1
          local.get 4
          i32.wrap_i64
          v128.load offset=64 align=1
          local.get 4
          i32.wrap_i64
          v128.load offset=80 align=1
          local.get 4
          i32.wrap_i64
          v128.load offset=96 align=1
          local.get 4
          i32.wrap_i64
          v128.load offset=112 align=1
          call 9
          local.get 3
          i64.const 128
          i64.add
          local.set 3
          local.get 4
          i64.const 128
          i64.add
          local.set 4
          local.get 5
          i64.const 128
          i64.sub
          local.set 5
          br 0 (;@2;)
        end
      end
      block ;; label = @1
        loop ;; label = @2
          local.get 5
          i64.const 8
          i64.lt_u
          br_if 1 (;@1;)
          local.get 3
          i32.wrap_i64
          local.get 4
          i32.wrap_i64
          i64.load align=1
          call 3
          local.get 3
          i64.const 8
          i64.add
          local.set 3
          local.get 4
          i64.const 8
          i64.add
          local.set 4
          local.get 5
          i64.const 8
          i64.sub
          local.set 5
          br 0 (;@2;)
        end
      end
      block ;; label = @1
        loop ;; label = @2
          local.get 5
          i64.const 1
          i64.lt_u
          br_if 1 (;@1;)
          local.get 3
          i32.wrap_i64
          local.get 4
          i32.wrap_i64
          i32.load8_u
          call 10
          local.get 3
          i64.const 1
          i64.add
          local.set 3
          local.get 4
          i64.const 1
          i64.add
          local.set 4
          local.get 5
          i64.const 1
          i64.sub
          local.set 5
          br 0 (;@2;)
        end
      end
    )
    (data (;0;) (global.get 0) "imported")
    (@producers
      (processed-by "wasm-fuser" "0.1.0")
    )
    (@custom "target_features" (after data) "\03+\0bbulk-memory+\0fbulk-memory-opt+\07simd128")
  )
  (alias core export $words/code "words/code.realloc" (core func (;1;)))
  (alias core export $words/code "words/code.last" (core func (;2;)))
  (alias core export $words/code "words/code.memory i64_store" (core func (;3;)))
  (alias core export $words/code "words/code.memory i64_store32" (core func (;4;)))
  (alias core export $words/code "words/code.memory i64_store8" (core func (;5;)))
  (alias core export $words/code "words/code.memory i64_store16" (core func (;6;)))
  (alias core export $words/code "words/code.memory memory_size" (core func (;7;)))
  (alias core export $words/code "words/code.memory memory_copy" (core func (;8;)))
  (alias core export $words/code "words/code.memory write batch" (core func (;9;)))
  (alias core export $words/code "words/code.memory i32_store8" (core func (;10;)))
  (alias core export $words/code "words/code.memory v128_store" (core func (;11;)))
  (alias core export $words/code "words/code.memory v128_store+16" (core func (;12;)))
  (alias core export $words/code "words/code.memory v128_store+32" (core func (;13;)))
  (alias core export $words/code "words/code.memory v128_store+48" (core func (;14;)))
  (alias core export $app/libc "memory" (core memory (;0;)))
  (alias core export $app/libc "base" (core global (;0;)))
  (core instance (;4;)
    (export "log" (func 0))
  )
  (core instance (;5;)
    (export "words/code.realloc" (func 1))
    (export "words/code.last" (func 2))
    (export "words/code.memory i64_store" (func 3))
    (export "words/code.memory i64_store32" (func 4))
    (export "words/code.memory i64_store8" (func 5))
    (export "words/code.memory i64_store16" (func 6))
    (export "words/code.memory memory_size" (func 7))
    (export "words/code.memory memory_copy" (func 8))
    (export "words/code.memory write batch" (func 9))
    (export "words/code.memory i32_store8" (func 10))
    (export "words/code.memory v128_store" (func 11))
    (export "words/code.memory v128_store+16" (func 12))
    (export "words/code.memory v128_store+32" (func 13))
    (export "words/code.memory v128_store+48" (func 14))
  )
  (core instance (;6;)
    (export "memory" (memory 0))
    (export "base" (global 0))
  )
  (core instance $runtime (;7;) (instantiate $runtime
      (with "$root" (instance 4))
      (with "words/code" (instance 5))
      (with "app/libc" (instance 6))
    )
  )
  (type (;1;) (func (result u32)))
  (alias core export $runtime "last" (core func (;15;)))
  (func (;1;) (type 1) (canon lift (core func 15)))
  (export (;2;) "last" (func 1))
  (@producers
    (processed-by "wasm-fuser" "0.1.0")
  )
)
