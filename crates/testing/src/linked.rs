//! Compositions of components that are files of a case.

use anyhow::{Context, Result};
use wasm_fuser::link;
use wasm_fuser::options::{Input, Options};
use wasmtime::Store;
use wasmtime::component::{Component, Val};

use crate::case::Case;
use crate::host::{Transcript, engine, linker};

/// The component in a file `NAME.wat` of a case.
pub fn input(case: &mut Case, name: &str) -> Result<Input> {
    let text = case.read(&format!("{name}.wat"))?.with_context(|| format!("no `{name}.wat`"))?;
    let bytes = wat::parse_str(&text).with_context(|| format!("{name}.wat"))?;
    Ok(Input { name: name.into(), bytes })
}

/// What `run` of components that are linked returns, or that it traps, and what the host is called
/// with.
pub fn call(inputs: &[Input]) -> Result<(String, Transcript)> {
    let linked = link(inputs, &Options::default())?.bytes;
    let component = Component::new(engine(), &linked)?;
    let mut store = Store::new(engine(), Transcript::new());
    let instance = linker(engine(), &component)?.instantiate(&mut store, &component)?;
    let run = instance.get_func(&mut store, "run").context("the root exports no `run`")?;
    let mut results = [Val::U32(0)];
    let outcome = run.call(&mut store, &[], &mut results);
    let outcome = match (outcome, results) {
        (Ok(()), [Val::U32(result)]) => result.to_string(),
        (Ok(()), other) => anyhow::bail!("`run` returns {other:?}"),
        (Err(_), _) => "it traps".to_string(),
    };
    Ok((outcome, store.into_data()))
}
