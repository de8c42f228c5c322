//! Limits on what is made: the caller's, and those of engines.
//!
//! The caller's are [`Limits`](crate::options::Limits); what the composition multiplies is bounded where
//! it is multiplied. Here are the sizes of the results, and how much engines accept of anything.

use wasm_fuser_merge::Merged;

use crate::error::{Code, Error, Limit, Remedy, Result, Setting};
use crate::options::{Emit, MemoryPlan, Names, Options};
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

/// What engines accept of anything, at most. A result within the first column runs somewhere; one
/// within all columns runs everywhere.
///
/// | | wasmtime 50 | wasmtime 49 and 48 | V8 13.6 | V8 11.3 |
/// |---|---|---|---|---|
/// | types, functions, globals, tags of a module | 1,000,000 | 1,000,000 | 1,000,000 | 1,000,000 |
/// | exports of a module | 1,000,000 | 1,000,000 | 1,000,000 | 100,000 |
/// | element segments | 100,000 | 100,000 | 10,000,000 | 10,000,000 |
/// | data segments | 100,000 | 100,000 | 100,000 | 100,000 |
/// | tables | 100 | 100 | 100,000 | 100,000 |
/// | memories | 100 | 100 | 100,000 | 1 |
/// | core modules of a component | 1,000 | 1,000 | | |
/// | core instances of a component | 4,096 | 1,000 | | |
///
/// Sources: `src/limits.rs` of wasmparser 0.261 (wasmtime 50), 0.258 (49) and 0.254 (48); V8's own
/// messages about modules that claim more, in Node.js 24 and 20.
mod accepted {
    pub const COMMON: u32 = 1_000_000;
    pub const SEGMENTS: u32 = 100_000;
    pub const TABLES: u32 = 100;
    pub const MEMORIES: u32 = 100;
    pub const MODULES: u32 = 1_000;
    pub const INSTANCES: u32 = 4_096;
    /// In engines that are not the newest.
    pub const INSTANCES_BEFORE: u32 = 1_000;
}

/// Checks what engines do not accept more of in one module, or of modules.
///
/// With trampolines there are two modules more: these and their fixup.
pub fn merged(merged: &Merged, has_trampolines: bool) -> Result<()> {
    let fewer = &[Setting::Memory(MemoryPlan::Split), Setting::Emit(Emit::Flat)][..];
    let fewer_memories = &[
        Setting::Memory(MemoryPlan::Single),
        Setting::Memory(MemoryPlan::Split),
        Setting::Emit(Emit::Flat),
    ][..];
    for block in merged.blocks.values() {
        let counts = &block.counts;
        for (what, count, limit, help) in [
            ("types", counts.types, accepted::COMMON, fewer),
            ("functions", counts.functions, accepted::COMMON, fewer),
            ("tables", counts.tables, accepted::TABLES, fewer),
            ("memories", counts.memories, accepted::MEMORIES, fewer_memories),
            ("tags", counts.tags, accepted::COMMON, fewer),
            ("globals", counts.globals, accepted::COMMON, fewer),
            ("exports", counts.exports, accepted::COMMON, fewer),
            ("element segments", counts.elements, accepted::SEGMENTS, fewer),
            ("data segments", counts.data, accepted::SEGMENTS, fewer),
        ] {
            within_engines("module", what, count as usize, limit, help)?;
        }
    }
    let modules = merged.blocks.len() + if has_trampolines { 2 } else { 0 };
    let others = [Setting::Memory(MemoryPlan::Multi), Setting::Memory(MemoryPlan::Single)];
    within_engines("component", "core modules", modules, accepted::MODULES, &others)
}

/// Checks the same of core modules that are instantiated one by one.
pub fn flat(modules: usize, instances: usize) -> Result<()> {
    let others = [Setting::Emit(Emit::Component)];
    within_engines("component", "core modules", modules, accepted::MODULES, &others)?;
    within_engines("component", "core instances", instances, accepted::INSTANCES, &others)
}

/// What a component has that engines accept, but not all of those in use.
pub fn warning(core_instances: u32) -> Option<String> {
    (core_instances > accepted::INSTANCES_BEFORE).then(|| {
        format!(
            "the result has {core_instances} core instances, and wasmtime before 50 accepts {}",
            accepted::INSTANCES_BEFORE
        )
    })
}

/// Refuses more than engines accept; with the `others`, there may be less of it.
fn within_engines(
    of: &str,
    what: &str,
    count: usize,
    limit: u32,
    others: &[Setting],
) -> Result<()> {
    if count <= limit as usize {
        return Ok(());
    }
    let message = format!("a fused {of} has {count} {what}, and engines accept {limit}");
    let remedy = Remedy::from("fuse a part of the composition, or use ");
    Err(Error::new(Code::LimitExceeded, message).with_help(remedy.one_of(others.iter().cloned())))
}

fn within(what: &str, bytes: u64, options: &Options) -> Result<()> {
    let limit = options.limits.output_bytes;
    if bytes <= limit {
        return Ok(());
    }
    Err(Error::new(Code::LimitExceeded, format!("{what} {bytes} bytes, more than {limit}"))
        .with_help(Remedy::raise(Limit::OutputBytes)))
}
