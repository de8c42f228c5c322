//! What is fused is used from outside as the composition is, resources too.
//!
//! A script can pass no handles to a component, but another component can. Each folder of
//! `tests/cases/boundary` is a proposition with two of them:
//!
//! * `provider.wat` is fused, in every form that is a component;
//! * `consumer.wat` imports what the provider exports, and exports `run: func() -> u32`.
//!
//! The consumer, linked with the provider as it is, and linked with what the fuser makes of it,
//! has to return the same, or to trap, as the folder's `returns.txt` says (`BLESS=1` rewrites it),
//! and to call the host in the same way.

use anyhow::{Context, Result, ensure};
use wasm_fuser::fuse;
use wasm_fuser::link::link;
use wasm_fuser::options::{Emit, Input, MemoryPlan, Options};
use wasmtime::Store;
use wasmtime::component::{Component, Val};

use support::case::{self, Case};
use support::contents::validate_split;
use support::host::{Transcript, engine, linker};

mod support;

fn main() -> Result<()> {
    case::run("boundary", Vec::new(), run)?.exit()
}

fn run(case: &mut Case) -> Result<()> {
    let consumer = input(case, "consumer")?;
    let provider = input(case, "provider")?;
    let (composed, calls) = call(&consumer, &provider.bytes)?;
    let default = Options::default;
    for options in [
        default(),
        Options { memory: MemoryPlan::Split, ..default() },
        Options { emit: Emit::Flat, ..default() },
        Options { isolate_handles: true, ..default() },
    ] {
        let Options { emit, memory, isolate_handles, .. } = options;
        let form = format!("{emit:?}, {memory:?}, isolated: {isolate_handles}");
        let fused = fuse(std::slice::from_ref(&provider), &options).context(form.clone())?;
        let (found, found_calls) = call(&consumer, &fused.bytes).context(form.clone())?;
        ensure!(found == composed, "{form}: {found}, the composition {composed}");
        ensure!(found_calls == calls, "{form} calls {found_calls:?}, the composition {calls:?}");
        if memory == MemoryPlan::Split {
            validate_split(&fused.bytes)?;
        }
    }
    case.compare("returns.txt", &format!("{composed}\n"))
}

fn input(case: &mut Case, name: &str) -> Result<Input> {
    let text = case.read(&format!("{name}.wat"))?.context("a case has two components")?;
    let bytes = wat::parse_str(&text).with_context(|| format!("{name}.wat"))?;
    Ok(Input { name: name.into(), bytes })
}

/// What the consumer returns, linked with a provider, and what the host is called with.
fn call(consumer: &Input, provider: &[u8]) -> Result<(String, Transcript)> {
    let provider = Input { name: "provider".into(), bytes: provider.to_vec() };
    let inputs = [consumer.clone(), provider];
    let linked = link(&inputs, &[])?;
    let component = Component::new(engine(), &linked.bytes)?;
    let mut store = Store::new(engine(), Transcript::new());
    let instance = linker(engine(), &component)?.instantiate(&mut store, &component)?;
    let run = instance.get_func(&mut store, "run").context("the consumer exports no `run`")?;
    let mut results = [Val::U32(0)];
    let outcome = run.call(&mut store, &[], &mut results);
    let outcome = match (outcome, results) {
        (Ok(()), [Val::U32(result)]) => result.to_string(),
        (Ok(()), other) => anyhow::bail!("`run` returns {other:?}"),
        (Err(_), _) => "it traps".to_string(),
    };
    Ok((outcome, store.into_data()))
}
