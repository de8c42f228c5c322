//! Compositions of components that are files of a case.

use anyhow::{Context, Result};
use wasm_fuser::link;
use wasm_fuser::options::Input;
use wasmtime::Store;
use wasmtime::component::{Component, Val};

use super::case::Case;
use super::host::{Transcript, engine, linker};

/// The component in a file `NAME.wat` of a case.
pub fn input(case: &mut Case, name: &str) -> Result<Input> {
    let text = case.read(&format!("{name}.wat"))?.with_context(|| format!("no `{name}.wat`"))?;
    let bytes = wat::parse_str(&text).with_context(|| format!("{name}.wat"))?;
    Ok(Input { name: name.into(), bytes })
}

/// What `run` of components that are linked returns, and what the host is called with.
pub fn call(inputs: &[Input]) -> Result<(u32, Transcript)> {
    let linked = link(inputs, &[])?;
    let component = Component::new(engine(), &linked)?;
    let mut store = Store::new(engine(), Transcript::new());
    let instance = linker(engine(), &component)?.instantiate(&mut store, &component)?;
    let run = instance.get_func(&mut store, "run").context("the root exports no `run`")?;
    let mut results = [Val::U32(0)];
    run.call(&mut store, &[], &mut results)?;
    match results {
        [Val::U32(result)] => Ok((result, store.into_data())),
        other => anyhow::bail!("`run` returns {other:?}"),
    }
}
