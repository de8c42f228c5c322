//! From the linked core instances back to a component: the boundary, written again.
//!
//! # Problem
//!
//! The result has to have the same world as the composition: the same imports and exports, with
//! types that mean the same. Inside it is as flat as can be.
//!
//! ```text
//! (component
//!   (import ...)                       as the root declares them (`types`)
//!   (core module $fused ...)
//!   (canon lower ...)                  imports, directly or through `trampolines`
//!   (core instance $main (instantiate $fused ...))
//!   (canon lift ...) (export ...))     as the root declares them
//! ```
//!
//! # How
//!
//! [`wrap_merged`] and [`wrap_flat`] differ in what is between imports and exports: one core
//! instance, or a few, or all of them. Either way a core item is found by where it is (see `Core`),
//! so that lowering and lifting are written once (`code`), and so is the boundary (`world`).
//!
//! Where there are several groups, each is wrapped so, and [`compose`] writes a component around
//! them (`groups`).
//!
//! An exported instance is a bag of exports: no nested component is needed to make one, unless its
//! functions are named after a resource, or which hands on a type of another one (`shell`).

pub use self::boundary::{Boundary, boundary};
use self::flat::wrap_flat;
pub use self::groups::compose;
use self::merged::wrap_merged;
use crate::analyse::Facts;
use crate::bind::Bound;
use crate::core::EntityKind;
use crate::error::Result;
use crate::options::{Emit, Options};
use crate::plan::Plan;
use crate::report::{Block, BoundaryItem, MemoryUse};
use crate::verify;
use wasm_fuser_merge::{self as merge, Merged};

mod boundary;
mod builtin;
mod carried;
mod code;
mod core;
mod flat;
mod groups;
mod merged;
mod module;
mod names;
mod shell;
mod trampolines;
mod types;
mod world;

/// The name of the start function that the fused module exports, where it cannot run on
/// instantiation: that of the reactor convention.
const START: &str = "_initialize";

/// The result: a component or a module.
#[derive(Debug)]
pub struct Output {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// The merged modules.
    pub blocks: Vec<Block>,
    /// The memories of the merged modules.
    pub memories: Vec<MemoryUse>,
    /// What the imports and exports of the merged module stand for, if there is one, and nothing
    /// else.
    pub items: Vec<BoundaryItem>,
}

/// Merges and wraps as `options.emit` says.
pub fn emit(
    plan: &Plan<'_>,
    facts: &Facts,
    boundary: &Boundary,
    bound: &Bound<'_>,
    options: &Options,
) -> Result<Output> {
    let link = &bound.link;
    if options.emit == Emit::Flat {
        let bytes = wrap_flat(plan, facts, boundary, bound)?;
        return Ok(Output { bytes, blocks: Vec::new(), memories: Vec::new(), items: Vec::new() });
    }
    verify::mergeable(plan, options)?;
    let started_later = match options.emit {
        // A module that imports nothing can start when it is instantiated.
        Emit::Module => !link.externals.is_empty(),
        _ => boundary.has_trampolines(),
    };
    let start = match started_later {
        true => merge::Start::Export(boundary.names.free(START)),
        false => merge::Start::Section,
    };
    let Options { names, memory, capacity, simd, .. } = *options;
    let merge_options = merge::Options { names, start, memory, capacity, simd };
    let merged = merge::merge(link, &boundary.names.exports(), &merge_options)?;
    if options.emit == Emit::Module {
        module::check(plan, facts, link, &merged)?;
    }
    verify::merged(&merged, boundary.has_trampolines())?;
    let items = module::items(plan, facts, boundary, link, &merged);
    let bytes = match options.emit {
        Emit::Module => module::describe(&merged, &items)?,
        _ => wrap_merged(plan, facts, boundary, bound, &merged)?,
    };
    let blocks = blocks(link, &merged);
    let memories = memories(plan, bound, &merged);
    Ok(Output { bytes, blocks, memories, items })
}

/// What each block has, and why it is one.
fn blocks(link: &merge::Link<'_>, merged: &Merged) -> Vec<Block> {
    let block = |block: &merge::Block| {
        let label = |id: &merge::InstanceId| link.instances[*id].label.clone();
        let (bytes, imported) = match &block.code {
            merge::BlockCode::Module(bytes) => (bytes.len() as u64, false),
            merge::BlockCode::Opaque => (0, true),
        };
        let memory = block.imports.iter().find(|import| import.kind == EntityKind::Memory);
        let reason = match (&block.memories[..], memory) {
            _ if imported => "the root imports it: its code is not there".into(),
            _ if merged.blocks.len() == 1 => "all code is one module".into(),
            ([memory, ..], _) => format!("what uses the memory of `{}`", label(&memory.instance)),
            ([], Some(memory)) => {
                let (of, name) = (&memory.module, &memory.name);
                format!(
                    "what uses the memory `{name}` of `{of}`, and can only be instantiated later"
                )
            }
            ([], None) => "what uses no memory".into(),
        };
        Block {
            name: block.name.clone(),
            instances: block.instances.iter().map(label).collect(),
            bytes,
            functions: block.counts.functions,
            imported,
            reason,
        }
    };
    merged.blocks.values().map(block).collect()
}

fn memories(plan: &Plan<'_>, bound: &Bound<'_>, merged: &Merged) -> Vec<MemoryUse> {
    let memory_use = |block: &merge::Block, memory: &merge::MemoryInfo| {
        let guest = bound.guest(memory.instance).map(|id| plan.core_instances[id].owner);
        MemoryUse {
            owner: guest.map_or(String::new(), |owner| plan.path(owner).to_string()),
            module: block.name.clone(),
            index: memory.index,
            base: memory.base,
            initial: memory.initial,
            maximum: memory.maximum,
        }
    };
    let blocks = merged.blocks.values();
    blocks.flat_map(|b| b.memories.iter().map(move |memory| memory_use(b, memory))).collect()
}
