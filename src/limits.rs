//! Limits on what is made: the caller's, and those of engines.
//!
//! The caller's are [`Limits`](crate::options::Limits); what the composition multiplies is bounded where
//! it is multiplied. Here are the sizes of the results, and how much engines accept of anything.

use wasm_encoder::ComponentBuilder;
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
        // Debug information is no reason to refuse anything: it has a budget of its own.
        let code = (module.bytes.len() as u64).saturating_sub(module.debug_bytes());
        bytes = bytes.saturating_add(code).saturating_add(names);
    }
    within("the core modules of all instances have", bytes, options)
}

/// What debug information may have of the result, where code has so many bytes. What is left is for what
/// is around code.
pub fn debug_information(code: u64, options: &Options) -> u64 {
    options.limits.output_bytes.saturating_sub(code) / 2
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
/// | core modules and components in a component | 1,000 | 1,000 | | |
/// | instances and core instances of a component | 4,096 | 1,000 | | |
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
    for block in merged.blocks.values() {
        let counts = &block.counts;
        for (what, count, limit) in [
            ("types", counts.types, accepted::COMMON),
            ("functions", counts.functions, accepted::COMMON),
            ("tables", counts.tables, accepted::TABLES),
            ("memories", counts.memories, accepted::MEMORIES),
            ("tags", counts.tags, accepted::COMMON),
            ("globals", counts.globals, accepted::COMMON),
            ("exports", counts.exports, accepted::COMMON),
            ("element segments", counts.elements, accepted::SEGMENTS),
            ("data segments", counts.data, accepted::SEGMENTS),
        ] {
            within_engines("module", what, count, limit)?;
        }
    }
    let modules = merged.blocks.len() + if has_trampolines { 2 } else { 0 };
    within_engines("component", "core modules", modules as u32, accepted::MODULES)
}

/// Checks what engines do not accept more of in one component.
pub fn component(component: &ComponentBuilder) -> Result<()> {
    let instances = component.core_instance_count() + component.instance_count();
    let (modules, components) = (component.core_module_count(), component.component_count());
    // Each is counted among its own, and all that have code or could have it together.
    within_engines("component", "core modules", modules, accepted::MODULES)?;
    within_engines("component", "components in it", components, accepted::MODULES)?;
    let both = modules.saturating_add(components);
    within_engines("component", "core modules and components in it", both, accepted::MODULES - 1)?;
    let core = component.core_instance_count();
    within_engines("component", "core instances", core, accepted::INSTANCES)?;
    within_engines("component", "instances and core instances", instances, accepted::INSTANCES)?;
    within_engines("component", "types", component.type_count(), accepted::COMMON)?;
    let funcs = component.core_func_count() + component.func_count();
    within_engines("component", "functions", funcs, accepted::COMMON)
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

/// Refuses more than engines accept.
fn within_engines(of: &str, what: &str, count: u32, limit: u32) -> Result<()> {
    if count <= limit {
        return Ok(());
    }
    Err(Error::of_engines(format!("a fused {of} has {count} {what}, and engines accept {limit}")))
}

/// Says with which other options a result is within the limits of engines: which are those depends on what
/// there is too much of, and where, and so they are tried.
///
/// That takes a few times as long as it took to be refused, and nothing of what was accepted is spent on it.
pub fn advise(error: Error, options: &Options, works: impl Fn(&Options) -> bool) -> Error {
    // Of the limits that the caller gave, it is said already that they can be raised.
    if error.code() != Code::LimitExceeded || !error.remedy().parts().is_empty() {
        return error;
    }
    let emit = match options.emit {
        Emit::Component => Some(Emit::Flat),
        Emit::Flat => Some(Emit::Component),
        // Whoever asks for a module has no use for a component.
        Emit::Module | Emit::RawModule => None,
    };
    let plans = [MemoryPlan::Multi, MemoryPlan::Split, MemoryPlan::Single];
    let plans = plans.into_iter().filter(|plan| *plan != options.memory);
    let works = |settings: &Vec<Setting>| works(&with(options, settings));
    let one = plans.clone().map(Setting::Memory).chain(emit.map(Setting::Emit));
    let mut found: Vec<_> = one.map(|setting| vec![setting]).filter(&works).collect();
    if let (Some(emit), true) = (emit, found.is_empty()) {
        let both = plans.map(|plan| vec![Setting::Emit(emit), Setting::Memory(plan)]);
        found.extend(both.filter(&works));
    }
    let part = "fuse a part of the composition";
    error.with_help(match found.is_empty() {
        true => Remedy::from(part),
        false => {
            let mut remedy = Remedy::from("use ");
            for (index, settings) in found.into_iter().enumerate() {
                remedy = if index > 0 { remedy.text(" or ") } else { remedy };
                for (index, setting) in settings.into_iter().enumerate() {
                    remedy = if index > 0 { remedy.text(" and ") } else { remedy };
                    remedy = remedy.setting(setting);
                }
            }
            remedy.text(format!(", or {part}"))
        }
    })
}

/// Options with settings of memories and of the form of the result in place of theirs.
fn with(options: &Options, settings: &[Setting]) -> Options {
    let mut options = options.clone();
    for setting in settings {
        match setting {
            Setting::Memory(memory) => options.memory = *memory,
            Setting::Emit(emit) => options.emit = *emit,
            _ => {}
        }
    }
    options
}

fn within(what: &str, bytes: u64, options: &Options) -> Result<()> {
    let limit = options.limits.output_bytes;
    if bytes <= limit {
        return Ok(());
    }
    Err(Error::new(Code::LimitExceeded, format!("{what} {bytes} bytes, more than {limit}"))
        .with_help(Remedy::raise(Limit::OutputBytes)))
}
