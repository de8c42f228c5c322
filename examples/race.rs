//! Calls a function of two components with the same text, in turns: `race FUNCTION TEXT-FILE COMPONENT COMPONENT`.
//!
//! The function takes a string and returns one, and may be `async`. Both have to return the same, which is
//! printed, and the least time of each. Each call has an instance of its own, whose making is not timed.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use wasm_fuser_testing::host::block_on;
use wasmtime::component::{Component, Linker, ResourceTable};
use wasmtime::{Config, Engine, Store};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

/// How often each is called.
const ROUNDS: usize = 15;

fn main() -> Result<()> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [function, text, files @ ..] = arguments.as_slice() else {
        anyhow::bail!("usage: race FUNCTION TEXT-FILE COMPONENT COMPONENT")
    };
    let text = std::fs::read_to_string(text).with_context(|| format!("cannot read `{text}`"))?;
    let engine = engine()?;
    let mut racers = Vec::new();
    for file in files {
        let component = Component::from_file(&engine, file)?;
        racers.push(Racer { file, component, least: Duration::MAX });
    }
    let mut said = None;
    for _ in 0..ROUNDS {
        for racer in &mut racers {
            let here = racer.call(&engine, function, &text)?;
            let said = said.get_or_insert_with(|| here.clone());
            ensure!(*said == here, "`{}` returns something else:\n{here}", racer.file);
        }
    }
    print!("{}", said.unwrap_or_default());
    for Racer { file, least, .. } in &racers {
        println!("{file}: {:.2} ms", least.as_secs_f64() * 1e3);
    }
    Ok(())
}

struct Racer<'a> {
    file: &'a str,
    component: Component,
    least: Duration,
}

impl Racer<'_> {
    fn call(&mut self, engine: &Engine, function: &str, text: &str) -> Result<String> {
        let mut linker = Linker::new(engine);
        wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
        let host = Host { table: ResourceTable::new(), wasi: WasiCtx::builder().build() };
        let mut store = Store::new(engine, host);
        let instance = block_on(linker.instantiate_async(&mut store, &self.component))??;
        let function = instance.get_typed_func::<(&str,), (String,)>(&mut store, function)?;
        let start = Instant::now();
        let (said,) = block_on(function.call_async(&mut store, (text,)))??;
        self.least = self.least.min(start.elapsed());
        Ok(said)
    }
}

struct Host {
    table: ResourceTable,
    wasi: WasiCtx,
}

impl WasiView for Host {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

fn engine() -> Result<Engine> {
    let mut config = Config::new();
    config.wasm_component_model_async(true);
    Ok(Engine::new(&config)?)
}
