//! What is fused is used from outside as the composition is, resources too.
//!
//! A script can pass no handles to a component, but another component can. Each case of
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
use wasm_fuser::options::{Emit, Input, MemoryPlan, Options};

use wasm_fuser_testing::case::{self, Case};
use wasm_fuser_testing::cases;
use wasm_fuser_testing::contents::validate_split;
use wasm_fuser_testing::linked::{call, input};

fn main() -> Result<()> {
    case::run(&cases("boundary"), Vec::new(), run)?.exit()
}

fn run(case: &mut Case) -> Result<()> {
    let consumer = input(case, "consumer")?;
    let provider = input(case, "provider")?;
    let (composed, calls) = call(&[consumer.clone(), provider.clone()])?;
    let default = Options::default;
    for options in [
        default(),
        Options { memory: MemoryPlan::Split, ..default() },
        Options { memory: MemoryPlan::Single, ..default() },
        Options { emit: Emit::Flat, ..default() },
        Options { share_handles: true, ..default() },
    ] {
        let Options { emit, memory, share_handles, .. } = options;
        let form = format!("{emit:?}, {memory:?}, shared: {share_handles}");
        let fused = fuse(std::slice::from_ref(&provider), &options).context(form.clone())?;
        let fused = Input { name: "provider".into(), bytes: fused.bytes };
        let inputs = [consumer.clone(), fused.clone()];
        let (found, found_calls) = call(&inputs).context(form.clone())?;
        ensure!(found == composed, "{form}: {found}, the composition {composed}");
        ensure!(found_calls == calls, "{form} calls {found_calls:?}, the composition {calls:?}");
        if memory != MemoryPlan::Multi {
            validate_split(&fused.bytes)?;
        }
    }
    case.compare("returns.txt", &format!("{composed}\n"))
}
