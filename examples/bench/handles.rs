//! What handles cost, composed and fused, side by side.
//!
//! The same component runs in both forms, in turns: constructor, method, transfer of an own to a third
//! guest, and drop with a destructor. Wasmtime's support of concurrency makes a composition's crossings
//! dearer, so they are measured without it as well.

use std::time::Instant;

use anyhow::{Result, ensure};
use wasm_fuser::{Input, Options, fuse};
use wasmtime::component::{Component, Instance, Linker};
use wasmtime::{Config, Engine, Store};

const PHASES: [&str; 4] = ["constructor", "method", "transfer", "drop"];
const HANDLES: u32 = 10_000;

/// Nanoseconds for one handle, the least of all rounds.
pub struct Phase {
    pub name: &'static str,
    pub has_concurrency: bool,
    pub composed: f64,
    pub fused: f64,
}

/// Measures all phases.
pub fn handles(rounds: usize) -> Result<Vec<Phase>> {
    let composed = wat::parse_str(include_str!("../../tests/cases/handles/cost.wat"))?;
    let input = Input { name: "cost".into(), bytes: composed.clone() };
    let fused = fuse(&[input], &Options::default())?.bytes;
    let mut phases = Vec::new();
    for has_concurrency in [true, false] {
        let mut config = Config::new();
        config.concurrency_support(has_concurrency);
        let engine = Engine::new(&config)?;
        let mut forms = [Form::new(&engine, &composed)?, Form::new(&engine, &fused)?];
        for _ in 0..rounds {
            for form in &mut forms {
                form.round()?;
            }
        }
        let [composed, fused] = forms.map(|form| form.least);
        for ((name, composed), fused) in PHASES.iter().zip(composed).zip(fused) {
            phases.push(Phase { name, has_concurrency, composed, fused });
        }
    }
    Ok(phases)
}

/// An instance, and the least time of each phase.
struct Form {
    store: Store<()>,
    instance: Instance,
    least: [f64; 4],
}

impl Form {
    fn new(engine: &Engine, bytes: &[u8]) -> Result<Form> {
        let component = Component::new(engine, bytes)?;
        let mut store = Store::new(engine, ());
        let instance = Linker::new(engine).instantiate(&mut store, &component)?;
        Ok(Form { store, instance, least: [f64::INFINITY; 4] })
    }

    fn round(&mut self) -> Result<()> {
        let Form { store, instance, least } = self;
        for (phase, least) in PHASES.iter().zip(least) {
            let func = instance.get_typed_func::<(u32,), ()>(&mut *store, phase)?;
            let start = Instant::now();
            func.call(&mut *store, (HANDLES,))?;
            *least = least.min(start.elapsed().as_nanos() as f64 / f64::from(HANDLES));
        }
        let live = instance.get_typed_func::<(), (u32,)>(&mut *store, "live")?;
        ensure!(live.call(&mut *store, ())?.0 == 0, "every handle is dropped");
        Ok(())
    }
}
