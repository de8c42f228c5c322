//! What is fused is used from outside as the composition is, resources too.
//!
//! A script can pass no handles to a component, but another component can. Each folder of
//! `tests/cases/boundary` is a proposition with two of them:
//!
//! * `provider.wat` is fused, in every form that is a component;
//! * `consumer.wat` imports what the provider exports, and exports `run: func() -> u32`.
//!
//! The consumer, linked with the provider as it is, and linked with what the fuser makes of it,
//! has to return the same, which the folder's `returns.txt` holds (`BLESS=1` rewrites it), and to
//! call the host in the same way.

use anyhow::{Result, ensure};
use wasm_fuser::fuse;
use wasm_fuser::options::{Emit, Input, MemoryPlan, Options};

use support::case::{self, Case};
use support::contents::validate_split;
use support::linked::{call, input};

mod support;

fn main() -> Result<()> {
    case::run("boundary", Vec::new(), run)?.exit()
}

fn run(case: &mut Case) -> Result<()> {
    let consumer = input(case, "consumer")?;
    let provider = input(case, "provider")?;
    let (composed, calls) = call(&[consumer.clone(), provider.clone()])?;
    for (emit, memory) in [
        (Emit::Component, MemoryPlan::Multi),
        (Emit::Component, MemoryPlan::Split),
        (Emit::Flat, MemoryPlan::Multi),
    ] {
        let options = Options { emit, memory, ..Options::default() };
        let fused = fuse(std::slice::from_ref(&provider), &options)?;
        let fused = Input { name: "provider".into(), bytes: fused.bytes };
        let (found, found_calls) = call(&[consumer.clone(), fused.clone()])?;
        let form = format!("{emit:?}, {memory:?}");
        ensure!(found == composed, "{form} returns {found}, the composition {composed}");
        ensure!(found_calls == calls, "{form} calls {found_calls:?}, the composition {calls:?}");
        if memory == MemoryPlan::Split {
            validate_split(&fused.bytes)?;
        }
    }
    case.compare("returns.txt", &format!("{composed}\n"))
}
