//! Whole works: the same sources as a composition, fused in each plan of memory, and linked by the
//! compiler (`bench/guests`).

use std::time::Instant;

use anyhow::{Context, Result, ensure};
use wasm_fuser::options::MemoryPlan;
use wasm_fuser::{Input, Options, fuse};
use wasm_fuser_testing::compose::plug;
use wasmtime::component::{Component, Linker, ResourceTable, TypedFunc};
use wasmtime::{Engine, Store};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

/// A work: the function that does it, how often it does it in one round, and what it is.
const WORKS: [(&str, u32, &str); 6] = [
    ("run-text", 10, "a text to tokens and back: `list<record { text: string, .. }>`"),
    ("run-json", 10, "JSON to events and back: `list<variant>`"),
    ("run-image", 2, "filters of a picture: `list<u8>` of 1 MiB"),
    ("run-key-value", 2, "1,000 values of a resource, set and got"),
    ("run-method", 10_000, "a method of a resource"),
    ("run-resource", 10_000, "constructor, method, drop"),
];

/// The forms of a work.
pub const FORMS: [&str; 5] = ["composed", "fused", "split", "single", "static"];

/// A work, and the nanoseconds that it takes once, in each form.
pub struct Work {
    pub name: &'static str,
    pub what: &'static str,
    pub medians: [f64; FORMS.len()],
    pub least: [f64; FORMS.len()],
}

/// The components of every form.
pub fn components(guest: impl Fn(&str) -> Result<Vec<u8>>) -> Result<[Vec<u8>; FORMS.len()]> {
    let input =
        |name: &str| Ok::<_, anyhow::Error>(Input { name: name.into(), bytes: guest(name)? });
    let inputs = [input("consumer")?, input("provider")?];
    let fused =
        |memory| fuse(&inputs, &Options { memory, ..Options::default() }).map(|it| it.bytes);
    Ok([
        plug(&inputs)?,
        fused(MemoryPlan::Multi)?,
        fused(MemoryPlan::Split)?,
        fused(MemoryPlan::Single)?,
        guest("linked")?,
    ])
}

/// Does every work in every form, in turns.
pub fn works(components: &[Vec<u8>; FORMS.len()], rounds: usize) -> Result<Vec<Work>> {
    let engine = Engine::default();
    let mut forms =
        components.iter().map(|bytes| Form::new(&engine, bytes)).collect::<Result<Vec<_>>>()?;
    let mut works = Vec::new();
    for (name, times, what) in WORKS {
        let functions =
            forms.iter_mut().map(|form| form.function(name)).collect::<Result<Vec<_>>>()?;
        let mut all = vec![Vec::new(); FORMS.len()];
        let mut outcome = None;
        for _ in 0..rounds {
            for ((form, function), all) in forms.iter_mut().zip(&functions).zip(&mut all) {
                let begun = Instant::now();
                let (result,) = function.call(&mut form.store, (times,))?;
                all.push(begun.elapsed().as_nanos() as f64 / f64::from(times));
                ensure!(*outcome.get_or_insert(result) == result, "`{name}` differs");
            }
        }
        all.iter_mut().for_each(|times| times.sort_by(f64::total_cmp));
        let pick = |at: usize| std::array::from_fn(|form| all[form][at]);
        works.push(Work { name, what, medians: pick(rounds / 2), least: pick(0) });
    }
    Ok(works)
}

struct Form {
    store: Store<Host>,
    instance: wasmtime::component::Instance,
}

impl Form {
    fn new(engine: &Engine, bytes: &[u8]) -> Result<Form> {
        let component = Component::new(engine, bytes)?;
        let mut linker = Linker::new(engine);
        wasmtime_wasi::p2::add_to_linker_sync(&mut linker)?;
        let host = Host { wasi: WasiCtx::builder().build(), table: ResourceTable::new() };
        let mut store = Store::new(engine, host);
        let instance = linker.instantiate(&mut store, &component)?;
        Ok(Form { store, instance })
    }

    fn function(&mut self, name: &str) -> Result<TypedFunc<(u32,), (u32,)>> {
        let Form { store, instance } = self;
        let runs = instance.get_export_index(&mut *store, None, "bench:work/runs");
        let runs = runs.context("nothing is run")?;
        let index = instance.get_export_index(&mut *store, Some(&runs), name);
        Ok(instance.get_typed_func(store, index.context("there is no such work")?)?)
    }
}

struct Host {
    wasi: WasiCtx,
    table: ResourceTable,
}

impl WasiView for Host {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}
