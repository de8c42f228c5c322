//! What core functions of the host see of guests: a memory, and where each guest's begins in it.
//!
//! Such functions have no canonical options: what is a pointer, they follow in the memory that the module
//! exports as `memory`, for that is the convention of WASI preview 1 and its like. So the memory of who
//! calls them is exported. Where all are regions of one ([`MemoryPlan::Single`]), that one is, whichever
//! region is asked for; otherwise those who call them have to be guests with one memory.
//!
//! Which memory a guest means is not said where a function is lowered that needs none. It is the one that
//! the guest's other canonical options name, or the only one that its core instances define.

use std::collections::BTreeSet;

use crate::core::EntityKind;
use crate::error::{Code, Error, Remedy, Result, Setting};
use crate::options::{MemoryPlan, Options};
use crate::plan::{BuiltinKind, CoreEntity, CoreInstanceId, FuncDef, InstanceId, Plan, Role};

/// The memory that the module exports for core functions of the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostMemory {
    /// None is asked for, or there is none.
    None,
    /// This one.
    Exported(CoreEntity),
    /// This one, unless another region is exported: they all are the one memory.
    Region(CoreEntity),
}

/// The memory that is exported for the host.
pub(super) fn memory(plan: &Plan<'_>, options: &Options) -> Result<HostMemory> {
    if !options.asks_for_core() {
        return Ok(HostMemory::None);
    }
    let mut callers = Vec::new();
    for lower in plan.lowers.values() {
        if let FuncDef::Import(import) = lower.target
            && plan.imports[import].role != Role::World
            && !callers.contains(&lower.owner)
        {
            callers.push(lower.owner);
        }
    }
    let mut found: Vec<(InstanceId, CoreEntity)> = Vec::new();
    for caller in callers {
        for memory in memories(plan, caller) {
            if found.iter().all(|(_, other)| *other != memory) {
                found.push((caller, memory));
            }
        }
    }
    match (&found[..], options.memory) {
        // Nobody calls the host, but some want a memory all the same.
        ([], _) => Ok(match plan.core_instances.keys().find_map(|it| defined(plan, it).next()) {
            Some(memory) => HostMemory::Region(memory),
            None => HostMemory::None,
        }),
        ([(_, memory), ..], MemoryPlan::Single) => Ok(HostMemory::Region(*memory)),
        ([(_, memory)], _) => Ok(HostMemory::Exported(*memory)),
        ([(a, _), (b, _), ..], _) => {
            let (a, b) = (plan.path(*a), plan.path(*b));
            let what = match a == b {
                true => format!("`{a}` has core imports, and two memories"),
                false => {
                    format!("`{a}` and `{b}` have core imports, each with a memory of its own")
                }
            };
            Err(Error::new(Code::CoreImport, format!("{what}: the host follows pointers in one"))
                .with_help(
                    Remedy::from("let all memories be one: ")
                        .setting(Setting::Memory(MemoryPlan::Single)),
                ))
        }
    }
}

/// The memory whose base an instance asks for.
pub(super) fn memory_of(plan: &Plan<'_>, instance: InstanceId) -> Result<CoreEntity> {
    let refused = |why: &str| {
        let what = format!("`{}` asks where its memory begins, and {why}", plan.path(instance));
        Error::new(Code::CoreImport, what).with_help("ask in a component whose code has one memory")
    };
    match memories(plan, instance)[..] {
        [memory] if plan.is_memory64(memory) => Err(refused("it has addresses of 64 bits")),
        [memory] => Ok(memory),
        [] => Err(refused("it has none")),
        _ => Err(refused("it has several")),
    }
}

/// The memories of an instance's canonical options, or else of its core instances.
fn memories(plan: &Plan<'_>, instance: InstanceId) -> Vec<CoreEntity> {
    let lifts = plan.lifts.values().map(|it| (it.owner, it.options.memory));
    let lowers = plan.lowers.values().map(|it| (it.owner, it.options.memory));
    let builtins = plan.builtins.values().map(|it| {
        let options = match it.kind {
            BuiltinKind::Async(builtin) => builtin.options(),
            _ => None,
        };
        (it.owner, options.and_then(|options| options.memory))
    });
    let mut seen = BTreeSet::new();
    let mut found: Vec<CoreEntity> = lifts
        .chain(lowers)
        .chain(builtins)
        .filter(|(owner, _)| *owner == instance)
        .filter_map(|(_, memory)| memory)
        .filter(|memory| seen.insert((memory.instance, memory.index)))
        .collect();
    if found.is_empty() {
        let own = plan.core_instances.iter().filter(|(_, core)| core.owner == instance);
        found.extend(own.flat_map(|(id, _)| defined(plan, id)));
    }
    found
}

/// The memories that a core instance defines.
fn defined(plan: &Plan<'_>, instance: CoreInstanceId) -> impl Iterator<Item = CoreEntity> {
    use crate::plan::{CoreDef, ModuleDef};
    let core = &plan.core_instances[instance];
    let is_memory = |def: &&CoreDef| {
        matches!(def, CoreDef::Entity(CoreEntity { kind: EntityKind::Memory, .. }))
    };
    let imported = core.imports.iter().filter(is_memory).count();
    let all = match core.module {
        ModuleDef::Defined(_) => plan.module(core.module).memories.len(),
        ModuleDef::Imported(_) => 0,
    };
    (imported..all).map(move |index| CoreEntity {
        instance,
        kind: EntityKind::Memory,
        // A module has no more than an index can tell apart.
        index: index as u32,
    })
}
