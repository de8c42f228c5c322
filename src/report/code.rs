//! What is reported of a group's merged code.
//!
//! The code is the largest thing there is. So what is said of it is said as soon as it has been wrapped, and
//! it can go before the next group is fused.

use std::collections::BTreeSet;

use wasm_fuser_merge::hash::HashSet;
use wasm_fuser_merge::{self as merge, Merged};

use super::{Block, BoundaryItem, MemoryUse};
use crate::analyse::Facts;
use crate::bind::Bound;
use crate::boundary::Boundary;
use crate::core::EntityKind;
use crate::metadata::Needs;
use crate::plan::Plan;
use crate::wrap;

/// The merged code of a group; nothing if it is not merged.
#[derive(Debug, Default)]
pub struct Code {
    /// The merged modules.
    pub blocks: Vec<Block>,
    /// Their memories.
    pub memories: Vec<MemoryUse>,
    /// What their imports and exports stand for.
    pub boundary: Vec<BoundaryItem>,
}

/// Describes merged code.
pub fn code(
    plan: &Plan<'_>,
    facts: &Facts,
    bound: &Bound<'_>,
    boundary: &Boundary,
    merged: Option<&Merged>,
    needs: &Needs,
) -> Code {
    let Some(merged) = merged else { return Code::default() };
    let described = |memory| memory_use(plan, bound, memory);
    let memories = merged.blocks.values();
    let memories = memories.flat_map(|it| it.memories.iter().map(move |memory| (it, memory)));
    Code {
        blocks: merged
            .blocks
            .values()
            .zip(needs)
            .map(|it| block(&bound.link, merged, it))
            .collect(),
        memories: memories.map(described).collect(),
        boundary: wrap::items(plan, facts, boundary, &bound.link, merged),
    }
}

/// What a block has, and why it is one.
fn block(
    link: &merge::Link<'_>,
    merged: &Merged,
    (block, needs): (&merge::Block, &BTreeSet<&'static str>),
) -> Block {
    let label = |id: &merge::InstanceId| link.instances[*id].label.clone();
    // Modules of the runtime have one name.
    let instances: HashSet<String> = block.instances.iter().map(label).collect();
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
            format!("what uses the memory `{name}` of `{of}`, and can only be instantiated later")
        }
        ([], None) => "what uses no memory".into(),
    };
    Block {
        name: block.name.clone(),
        instances: instances.into_iter().collect(),
        bytes,
        functions: block.counts.functions,
        features: needs.iter().map(|it| it.to_string()).collect(),
        imported,
        reason,
    }
}

fn memory_use(
    plan: &Plan<'_>,
    bound: &Bound<'_>,
    (block, memory): (&merge::Block, &merge::MemoryInfo),
) -> MemoryUse {
    let guest = bound.guest(memory.instance).map(|id| plan.core_instances[id].owner);
    MemoryUse {
        owner: guest.map_or(String::new(), |owner| plan.path(owner).to_string()),
        module: block.name.clone(),
        index: memory.index,
        base: memory.base,
        initial: memory.initial,
        maximum: memory.maximum,
    }
}
