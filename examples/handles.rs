//! What handles cost, composed and fused, side by side: `handles`.
//!
//! The same component runs in both forms, in turns, in one process: constructor, method, transfer of
//! an own to a third guest, and drop with a destructor. Printed are nanoseconds for each, the least of
//! all rounds, and the fused form's share. Wasmtime's support of concurrency makes a composition's
//! crossings dearer, so there is a table without it as well.

use std::time::Instant;

use anyhow::{Result, ensure};
use wasm_fuser::{Input, Options, fuse};
use wasmtime::component::{Component, Instance, Linker};
use wasmtime::{Config, Engine, Store};

const PHASES: [&str; 4] = ["constructor", "method", "transfer", "drop"];
const HANDLES: u32 = 10_000;
const ROUNDS: usize = 100;

fn main() -> Result<()> {
    let composed = wat::parse_str(include_str!("../tests/cases/handles/cost.wat"))?;
    let input = Input { name: "cost".into(), bytes: composed.clone() };
    let fused = fuse(&[input], &Options::default())?.bytes;
    for concurrency in [true, false] {
        let mut config = Config::new();
        config.concurrency_support(concurrency);
        let engine = Engine::new(&config)?;
        let mut forms = [Form::new(&engine, &composed)?, Form::new(&engine, &fused)?];
        for _ in 0..ROUNDS {
            for form in &mut forms {
                form.round()?;
            }
        }
        let with = if concurrency { "with" } else { "without" };
        println!("{with} support of concurrency, in ns:");
        println!("{:12} {:>9} {:>9} {:>7}", "", "composed", "fused", "share");
        let [composed, fused] = forms.map(|form| form.least);
        for ((phase, composed), fused) in PHASES.iter().zip(composed).zip(fused) {
            println!("{phase:12} {composed:>9.1} {fused:>9.1} {:>6.1}%", 100.0 * fused / composed);
        }
    }
    Ok(())
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
