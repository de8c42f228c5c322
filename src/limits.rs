//! Limits on what is made: the caller's, and those of engines.
//!
//! The caller's are [`Limits`](crate::options::Limits); what the composition multiplies is bounded where
//! it is multiplied. Here are the sizes of the results, and how much engines accept of anything.

use wasm_fuser_merge::Merged;

use crate::error::{Code, Error, Result};
use crate::options::{Names, Options};
use crate::plan::Plan;

/// Checks the size of what is to be merged, before it is: each instance's module, and the names that
/// its functions get.
pub fn mergeable(plan: &Plan<'_>, options: &Options) -> Result<()> {
    let mut bytes = 0u64;
    for instance in plan.core_instances.values() {
        let module = plan.module(instance.module);
        let names = match options.names {
            Names::Keep => u64::from(module.functions).saturating_mul(instance.path.len() as u64),
            Names::Drop => 0,
        };
        bytes = bytes.saturating_add(module.bytes.len() as u64).saturating_add(names);
    }
    within("the core modules of all instances have", bytes, options)
}

/// Checks the size of the result.
pub fn output(bytes: &[u8], options: &Options) -> Result<()> {
    within("the result has", bytes.len() as u64, options)
}

/// Checks what engines do not accept more of in one module, or of modules. The numbers are those of
/// wasmtime; others, and the validator, accept more of some.
///
/// With trampolines there are two modules more: these and their fixup.
pub fn merged(merged: &Merged, has_trampolines: bool) -> Result<()> {
    let help = "fuse a part of the composition, or use `--memory split` or `--emit flat`";
    for block in merged.blocks.values() {
        let counts = &block.counts;
        for (what, count, limit) in [
            ("types", counts.types, 1_000_000),
            ("functions", counts.functions, 1_000_000),
            ("tables", counts.tables, 100),
            ("memories", counts.memories, 100),
            ("tags", counts.tags, 1_000_000),
            ("globals", counts.globals, 1_000_000),
            ("exports", counts.exports, 1_000_000),
            ("element segments", counts.elements, 100_000),
            ("data segments", counts.data, 100_000),
        ] {
            accepted("module", what, count as usize, limit, help)?;
        }
    }
    let help = "fuse a part of the composition, or leave `--memory split` out";
    let modules = merged.blocks.len() + if has_trampolines { 2 } else { 0 };
    accepted("component", "core modules", modules, MODULES, help)
}

/// Checks the same of core modules that are instantiated one by one.
pub fn flat(modules: usize, instances: usize) -> Result<()> {
    let help = "fuse a part of the composition, or leave `--emit flat` out";
    accepted("component", "core modules", modules, MODULES, help)?;
    accepted("component", "core instances", instances, INSTANCES, help)
}

/// How many core modules can be in a component.
const MODULES: usize = 1000;

/// How many core instances can be in a component.
const INSTANCES: usize = 1000;

fn accepted(of: &str, what: &str, count: usize, limit: usize, help: &str) -> Result<()> {
    if count <= limit {
        return Ok(());
    }
    let message = format!("a fused {of} has {count} {what}, and engines accept {limit}");
    Err(Error::new(Code::LimitExceeded, message).with_help(help))
}

fn within(what: &str, bytes: u64, options: &Options) -> Result<()> {
    let limit = options.limits.output_bytes;
    if bytes <= limit {
        return Ok(());
    }
    Err(Error::new(Code::LimitExceeded, format!("{what} {bytes} bytes, more than {limit}"))
        .with_help("raise it with `--limit-output-bytes`, if the input is one that you trust"))
}
