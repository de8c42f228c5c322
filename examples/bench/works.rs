//! Whole works: the same sources as a composition, fused in each plan of memory, and linked by the
//! compiler (`examples/bench/guests`).

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use wasm_fuser::options::MemoryPlan;
use wasm_fuser::{Input, Options, fuse, modules, splice};
use wasm_fuser_testing::compose::plug;
use wasmtime::component::{Component, Linker, ResourceTable, TypedFunc};
use wasmtime::{Engine, Store};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

/// A work: the function that does it, how often it does it in one round, and what it is. A round is short,
/// so that most of them are not interrupted.
const WORKS: [(&str, u32, &str); 6] = [
    ("run-text", 2, "a text to tokens and back, `list<record>` with strings"),
    ("run-json", 2, "JSON to events and back, `list<variant>` with strings"),
    ("run-image", 1, "filters of a picture, `list<u8>` of 1 MiB"),
    ("run-key-value", 1, "1,000 values of a resource, set and got"),
    ("run-method", 1_000, "a method of a resource"),
    ("run-resource", 500, "constructor, method, drop"),
];

/// The forms that run in Node.js, too. jco takes no modules with several memories.
pub const IN_NODE: [&str; 4] = ["composed", "split", "single", "static"];

/// A form of the guests: a component.
pub struct Form {
    pub name: &'static str,
    pub bytes: Vec<u8>,
}

/// A work, and the nanoseconds that it takes once, in each form: the least of all rounds.
pub struct Work {
    pub name: &'static str,
    pub what: &'static str,
    pub times: Vec<f64>,
}

/// The components of every form: the composition first, then fused in each plan; the linked one last.
pub fn components(folder: &Path) -> Result<Vec<Form>> {
    let guest = |name: &str| {
        let file = folder.join(name).with_extension("wasm");
        std::fs::read(&file).with_context(|| format!("there is no guest `{name}`"))
    };
    let input =
        |name: &str| Ok::<_, anyhow::Error>(Input { name: name.into(), bytes: guest(name)? });
    let inputs = [input("consumer")?, input("provider")?];
    let fused =
        |memory| fuse(&inputs, &Options { memory, ..Options::default() }).map(|it| it.bytes);
    let multi = fused(MemoryPlan::Multi)?;
    let optimised = optimised(&multi);
    let mut forms = vec![
        Form { name: "composed", bytes: plug(&inputs)? },
        Form { name: "fused", bytes: multi },
        Form { name: "split", bytes: fused(MemoryPlan::Split)? },
        Form { name: "single", bytes: fused(MemoryPlan::Single)? },
    ];
    match optimised {
        Ok(bytes) => forms.push(Form { name: "optimised", bytes }),
        Err(error) => eprintln!("nothing is optimised: {error:#}"),
    }
    forms.push(Form { name: "static", bytes: guest("linked")? });
    Ok(forms)
}

/// What `fuse -O` does.
pub fn optimised(fused: &[u8]) -> Result<Vec<u8>> {
    let optimised: std::io::Result<Vec<_>> =
        modules(fused)?.iter().map(|module| wasm_fuser_os::optimise(module, true)).collect();
    Ok(splice(fused, &optimised.context("`wasm-opt`")?)?)
}

/// Does every work in every form, in turns.
pub fn works(forms: &[Form], rounds: usize) -> Result<Vec<Work>> {
    let engine = Engine::default();
    let mut instances = Vec::new();
    for form in forms {
        instances.push(Instance::new(&engine, &form.bytes)?);
    }
    let mut works = Vec::new();
    for (name, times, what) in WORKS {
        let functions: Result<Vec<_>> = instances.iter_mut().map(|it| it.function(name)).collect();
        let functions = functions?;
        let mut all = vec![Vec::new(); forms.len()];
        let mut outcome = None;
        for _ in 0..rounds {
            for ((instance, function), all) in instances.iter_mut().zip(&functions).zip(&mut all) {
                let begun = Instant::now();
                let (result,) = function.call(&mut instance.store, (times,))?;
                all.push(begun.elapsed().as_nanos() as f64 / f64::from(times));
                ensure!(*outcome.get_or_insert(result) == result, "`{name}` differs");
            }
        }
        works.push(Work { name, what, times: all.into_iter().map(least).collect() });
    }
    Ok(works)
}

/// The least of some times.
pub fn least(times: Vec<f64>) -> f64 {
    times.into_iter().fold(f64::INFINITY, f64::min)
}

struct Instance {
    store: Store<Host>,
    instance: wasmtime::component::Instance,
}

impl Instance {
    fn new(engine: &Engine, bytes: &[u8]) -> Result<Instance> {
        let component = Component::new(engine, bytes)?;
        let mut store = Store::new(engine, Host::default());
        let instance = linker(engine)?.instantiate(&mut store, &component)?;
        Ok(Instance { store, instance })
    }

    fn function(&mut self, name: &str) -> Result<TypedFunc<(u32,), (u32,)>> {
        let Instance { store, instance } = self;
        let runs = instance.get_export_index(&mut *store, None, "bench:work/runs");
        let runs = runs.context("nothing is run")?;
        let index = instance.get_export_index(&mut *store, Some(&runs), name);
        Ok(instance.get_typed_func(store, index.context("there is no such work")?)?)
    }
}

/// WASI.
pub fn linker(engine: &Engine) -> Result<Linker<Host>> {
    let mut linker = Linker::new(engine);
    wasmtime_wasi::p2::add_to_linker_sync(&mut linker)?;
    Ok(linker)
}

/// A host that gives nothing.
pub struct Host {
    wasi: WasiCtx,
    table: ResourceTable,
}

impl Default for Host {
    fn default() -> Self {
        Host { wasi: WasiCtx::builder().build(), table: ResourceTable::new() }
    }
}

impl WasiView for Host {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}
