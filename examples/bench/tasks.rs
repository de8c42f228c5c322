//! What calls of `async` functions cost, composed and fused, side by side.
//!
//! The same component runs in both forms, in turns. A call returns at once, or waits: then it is joined to a
//! set, waited for, and dropped; or it is made without `async`, and waits on the stack. And the host calls
//! a function that does nothing.

use std::time::Instant;

use anyhow::Result;
use wasm_fuser::{Input, Options, fuse};
use wasm_fuser_testing::host::block_on;
use wasmtime::component::{Component, Instance, Linker};

use crate::works;
use wasmtime::{Config, Engine, Store};

/// What is called, and what that is.
const PHASES: [(&str, &str); 4] = [
    ("async-now", "call with `async` that returns at once"),
    ("async-later", "the same that waits: join, wait, drop"),
    ("sync-now", "call without `async` that returns at once"),
    ("sync-later", "the same that waits"),
];
const BY_HOST: &str = "call of the host";

const CALLS: u32 = 10_000;
const CALLS_BY_HOST: u32 = 500;

/// Nanoseconds for one call, the least of all rounds.
pub struct Call {
    pub name: &'static str,
    pub composed: f64,
    pub fused: f64,
    /// The same after an optimiser, if there is one.
    pub optimised: Option<f64>,
}

/// Measures all calls.
pub fn tasks(rounds: usize) -> Result<Vec<Call>> {
    let composed = wat::parse_str(include_str!("../../tests/cases/tasks/cost.wat"))?;
    let input = Input { name: "cost".into(), bytes: composed.clone() };
    let fused = fuse(&[input], &Options::default())?.bytes;
    let engine = Engine::new(Config::new().wasm_component_model_async(true))?;
    let mut forms = vec![Form::new(&engine, &composed)?, Form::new(&engine, &fused)?];
    match works::optimised(&fused) {
        Ok(bytes) => forms.push(Form::new(&engine, &bytes)?),
        Err(error) => eprintln!("nothing is optimised: {error:#}"),
    }
    for _ in 0..rounds {
        for form in &mut forms {
            form.round()?;
        }
    }
    let names = PHASES.iter().map(|(_, name)| *name).chain([BY_HOST]);
    let call = |(index, name)| Call {
        name,
        composed: forms[0].least[index],
        fused: forms[1].least[index],
        optimised: forms.get(2).map(|form| form.least[index]),
    };
    Ok(names.enumerate().map(call).collect())
}

/// An instance, and the least time of each call.
struct Form {
    store: Store<()>,
    instance: Instance,
    least: [f64; PHASES.len() + 1],
}

impl Form {
    fn new(engine: &Engine, bytes: &[u8]) -> Result<Form> {
        let component = Component::new(engine, bytes)?;
        let mut store = Store::new(engine, ());
        let linker = Linker::new(engine);
        let instance = block_on(linker.instantiate_async(&mut store, &component))??;
        Ok(Form { store, instance, least: [f64::INFINITY; PHASES.len() + 1] })
    }

    fn round(&mut self) -> Result<()> {
        let calls = PHASES.iter().map(|(func, _)| (*func, 1, CALLS));
        for (index, (func, times, calls)) in
            calls.chain([("nothing", CALLS_BY_HOST, 1)]).enumerate()
        {
            let Form { store, instance, least } = self;
            let func = instance.get_typed_func::<(u32,), ()>(&mut *store, func)?;
            let start = Instant::now();
            block_on(async {
                for _ in 0..times {
                    func.call_async(&mut *store, (calls,)).await?;
                }
                Ok::<(), wasmtime::Error>(())
            })??;
            let time = start.elapsed().as_nanos() as f64 / f64::from(times * calls);
            least[index] = least[index].min(time);
        }
        Ok(())
    }
}
