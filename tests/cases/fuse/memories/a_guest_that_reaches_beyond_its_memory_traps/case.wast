;; Two guests with a page each, and two at most. Where all memories are one, what `secrets` holds comes
;; right after what `spy` can have: it is reached by nothing that `spy` does.
(component definition $Both
  (component $secrets
    (core module $m
      (memory (export "memory") 1 2)
      (data (i32.const 0) "secret")
      (func $first (export "first") (result i32) (i32.load8_u (i32.const 0))))
    (core instance $i (instantiate $m))
    (func (export "first") (result u32) (canon lift (core func $i "first"))))
  (component $spy
    (core module $m
      (memory (export "memory") 1 2)
      (data $word "spy")
      (func $load (export "load") (param i32) (result i32) (i32.load8_u (local.get 0)))
      (func $load-far (export "load-far") (param i32) (result i64)
        (i64.load offset=0x10000 (local.get 0)))
      (func $load-nowhere (export "load-nowhere") (param i32) (result i32)
        (i32.load offset=0xffffffff (local.get 0)))
      (func $store (export "store") (param i32 i64) (i64.store offset=8 (local.get 0) (local.get 1)))
      (func $copy (export "copy") (param i32 i32 i32)
        (memory.copy (local.get 0) (local.get 1) (local.get 2)))
      (func $fill (export "fill") (param i32 i32)
        (memory.fill (local.get 0) (i32.const 7) (local.get 1)))
      (func $init (export "init") (param i32 i32)
        (memory.init $word (local.get 0) (i32.const 0) (local.get 1)))
      (func $grow (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
      (func $size (export "size") (result i32) (memory.size)))
    (core instance $i (instantiate $m))
    (func (export "load") (param "at" u32) (result u32) (canon lift (core func $i "load")))
    (func (export "load-far") (param "at" u32) (result u64) (canon lift (core func $i "load-far")))
    (func (export "load-nowhere") (param "at" u32) (result u32)
      (canon lift (core func $i "load-nowhere")))
    (func (export "store") (param "at" u32) (param "value" u64) (canon lift (core func $i "store")))
    (func (export "copy") (param "to" u32) (param "from" u32) (param "length" u32)
      (canon lift (core func $i "copy")))
    (func (export "fill") (param "at" u32) (param "length" u32) (canon lift (core func $i "fill")))
    (func (export "init") (param "at" u32) (param "length" u32) (canon lift (core func $i "init")))
    (func (export "grow") (param "pages" u32) (result s32) (canon lift (core func $i "grow")))
    (func (export "size") (result u32) (canon lift (core func $i "size"))))
  (instance $spy (instantiate $spy))
  (instance $secrets (instantiate $secrets))
  (export "first" (func $secrets "first"))
  (export "load" (func $spy "load"))
  (export "load-far" (func $spy "load-far"))
  (export "load-nowhere" (func $spy "load-nowhere"))
  (export "store" (func $spy "store"))
  (export "copy" (func $spy "copy"))
  (export "fill" (func $spy "fill"))
  (export "init" (func $spy "init"))
  (export "grow" (func $spy "grow"))
  (export "size" (func $spy "size")))

(component instance $i $Both)
(assert_return (invoke "first") (u32.const 115))
(assert_return (invoke "load" (u32.const 65535)) (u32.const 0))
(assert_return (invoke "store" (u32.const 65520) (u64.const 1)))
(assert_return (invoke "load" (u32.const 65528)) (u32.const 1))
(assert_return (invoke "copy" (u32.const 0) (u32.const 65528) (u32.const 8)))
(assert_return (invoke "copy" (u32.const 65536) (u32.const 65536) (u32.const 0)))
(assert_return (invoke "fill" (u32.const 65536) (u32.const 0)))
(assert_return (invoke "init" (u32.const 65533) (u32.const 3)))
(assert_return (invoke "load" (u32.const 65533)) (u32.const 115))
(assert_return (invoke "size") (u32.const 1))
(assert_return (invoke "grow" (u32.const 0)) (s32.const 1))
(assert_return (invoke "grow" (u32.const 2)) (s32.const -1))
(assert_return (invoke "grow" (u32.const 0xffffffff)) (s32.const -1))
(assert_return (invoke "grow" (u32.const 1)) (s32.const 1))
(assert_return (invoke "grow" (u32.const 1)) (s32.const -1))
(assert_return (invoke "size") (u32.const 2))
(assert_return (invoke "load-far" (u32.const 0)) (u64.const 0))
(assert_return (invoke "load-far" (u32.const 65528)) (u64.const 0))
(assert_return (invoke "load" (u32.const 131071)) (u32.const 0))
(assert_return (invoke "first") (u32.const 115))

(component instance $i $Both)
(assert_trap (invoke "load" (u32.const 65536)) "out of bounds memory access")

(component instance $i $Both)
(assert_trap (invoke "load" (u32.const 131072)) "out of bounds memory access")

(component instance $i $Both)
(assert_trap (invoke "load" (u32.const 0xffffffff)) "out of bounds memory access")

(component instance $i $Both)
(assert_trap (invoke "load-far" (u32.const 0)) "out of bounds memory access")

(component instance $i $Both)
(assert_trap (invoke "load-far" (u32.const 65536)) "out of bounds memory access")

(component instance $i $Both)
(assert_trap (invoke "load-far" (u32.const 0xffff0000)) "out of bounds memory access")

(component instance $i $Both)
(assert_trap (invoke "load-nowhere" (u32.const 0)) "out of bounds memory access")

(component instance $i $Both)
(assert_trap (invoke "load-nowhere" (u32.const 131073)) "out of bounds memory access")

(component instance $i $Both)
(assert_trap (invoke "store" (u32.const 65521) (u64.const 1)) "out of bounds memory access")

(component instance $i $Both)
(assert_trap (invoke "store" (u32.const 131064) (u64.const 1)) "out of bounds memory access")

(component instance $i $Both)
(assert_trap (invoke "copy" (u32.const 65536) (u32.const 0) (u32.const 1)) "out of bounds memory access")

(component instance $i $Both)
(assert_trap (invoke "copy" (u32.const 0) (u32.const 131072) (u32.const 6)) "out of bounds memory access")

(component instance $i $Both)
(assert_trap (invoke "copy" (u32.const 65537) (u32.const 0) (u32.const 0)) "out of bounds memory access")

(component instance $i $Both)
(assert_trap (invoke "fill" (u32.const 131072) (u32.const 1)) "out of bounds memory access")

(component instance $i $Both)
(assert_trap (invoke "fill" (u32.const 1) (u32.const 0xffffffff)) "out of bounds memory access")

(component instance $i $Both)
(assert_trap (invoke "init" (u32.const 131072) (u32.const 3)) "out of bounds memory access")

(component instance $i $Both)
(assert_trap (invoke "init" (u32.const 0) (u32.const 4)) "out of bounds memory access")
