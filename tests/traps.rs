//! What becomes of an instance that has trapped: `docs/security.md` says it.
//!
//! The guests of a fused component are one instance, and the engine lets nobody enter it again. A core
//! module is entered as before, and finds what a call that did not come to its end has left.

use anyhow::{Result, anyhow, ensure};
use wasm_fuser::fuse;
use wasm_fuser::options::{Emit, Input, MemoryPlan, Options};
use wasmtime::component::{Component, Linker};
use wasmtime::{Config, Engine, Instance, Module, Store};

/// A guest that counts what its `realloc` is asked for, and one that passes it bytes that are no string.
const COMPOSITION: &str = r#"
    (component
      (component $Callee
        (core module $m
          (memory (export "memory") 1)
          (global $asked (mut i32) (i32.const 0))
          (func (export "realloc") (param i32 i32 i32 i32) (result i32)
            (global.set $asked (i32.add (global.get $asked) (i32.const 1)))
            (i32.const 16))
          (func (export "asked") (result i32) (global.get $asked))
          (func (export "put") (param i32 i32)))
        (core instance $m (instantiate $m))
        (func (export "asked") (result u32) (canon lift (core func $m "asked")))
        (func (export "put") (param "s" string) (canon lift (core func $m "put")
          (memory (core memory $m "memory")) (realloc (core func $m "realloc")) string-encoding=utf16)))
      (component $Caller
        (import "put" (func $put (param "s" string)))
        (core module $memory (memory (export "memory") 1) (data (i32.const 8) "fine\ff"))
        (core instance $memory (instantiate $memory))
        (core func $put (canon lower (func $put) (memory (core memory $memory "memory"))))
        (core module $m
          (import "" "put" (func $put (param i32 i32)))
          (func (export "pass") (param i32) (call $put (i32.const 8) (local.get 0))))
        (core instance $m (instantiate $m (with "" (instance (export "put" (func $put))))))
        (func (export "pass") (param "length" u32) (canon lift (core func $m "pass"))))
      (instance $callee (instantiate $Callee))
      (instance $caller (instantiate $Caller (with "put" (func $callee "put"))))
      (export "asked" (func $callee "asked"))
      (export "pass" (func $caller "pass")))"#;

fn fused(emit: Emit, memory: MemoryPlan) -> Result<Vec<u8>> {
    let input = Input { name: "composition".into(), bytes: COMPOSITION.into() };
    let options = Options { emit, memory, ..Options::default() };
    Ok(fuse(&[input], &options).map_err(|error| anyhow!("{error}"))?.bytes)
}

#[test]
fn a_component_that_has_trapped_is_not_entered_again_by_whatever_export() -> Result<()> {
    for concurrency in [false, true] {
        let mut config = Config::new();
        config.concurrency_support(concurrency);
        let engine = Engine::new(&config)?;
        for (emit, memory) in [
            (Emit::Component, MemoryPlan::Multi),
            (Emit::Component, MemoryPlan::Split),
            (Emit::Component, MemoryPlan::Single),
            (Emit::Flat, MemoryPlan::Multi),
        ] {
            let component = Component::new(&engine, fused(emit, memory)?)?;
            let mut store = Store::new(&engine, ());
            let instance = Linker::new(&engine).instantiate(&mut store, &component)?;
            let asked = instance.get_typed_func::<(), (u32,)>(&mut store, "asked")?;
            let pass = instance.get_typed_func::<(u32,), ()>(&mut store, "pass")?;
            pass.call(&mut store, (4,))?;
            let before = asked.call(&mut store, ())?;
            ensure!(before.0 > 0, "strings are passed");
            ensure!(pass.call(&mut store, (5,)).is_err(), "that is no string");
            ensure!(
                asked.call(&mut store, ()).is_err(),
                "{emit:?} {memory:?}: the other is entered"
            );
            ensure!(
                pass.call(&mut store, (4,)).is_err(),
                "{emit:?} {memory:?}: it is entered again"
            );
        }
    }
    Ok(())
}

#[test]
fn a_core_module_that_has_trapped_is_for_its_embedder_to_drop() -> Result<()> {
    let engine = Engine::default();
    for memory in [MemoryPlan::Multi, MemoryPlan::Single] {
        let module = Module::new(&engine, fused(Emit::Module, memory)?)?;
        let mut store = Store::new(&engine, ());
        let instance = Instance::new(&mut store, &module, &[])?;
        let asked = instance.get_typed_func::<(), u32>(&mut store, "asked")?;
        let pass = instance.get_typed_func::<u32, ()>(&mut store, "pass")?;
        pass.call(&mut store, 4)?;
        let before = asked.call(&mut store, ())?;
        ensure!(pass.call(&mut store, 5).is_err(), "that is no string");
        let after = asked.call(&mut store, ())?;
        ensure!(after > before, "the call that trapped has left what it did");
    }
    Ok(())
}
