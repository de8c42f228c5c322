//! What goes through the bridge at the boundary: handles that are exchanged, and, where all memories
//! are one, whatever takes a pointer.
//!
//! The engine is given one memory to lift from and lower into, and it knows nothing of regions
//! (`--memory single`). A guest's pointers count from where its region begins, and, worse, the engine would
//! follow them into the region of another guest. So no function of the boundary names a guest's
//! region: its values move through the bridge, as those with handles to exchange do (see
//! `shim/calls/exchange.rs`), and the bridge is the region that begins at 0. There pointers are checked against the
//! size of the guest's region, as the engine would check them against its memory, and what they point to
//! is copied, however deep it lies.
//!
//! Where there is one memory anyway, nothing of this is done.
//!
//! Rejected: to lift from the guest at 0 directly. Its pointers would need no translation, but they would
//! still reach its neighbours.
//!
//! Limits: the engine's tasks read and write a guest's memory by themselves. An instance that has some
//! is refused, unless it has a component of its own (`--tasks apart`).

use cranelift_entity::{EntitySet, SecondaryMap};

use super::resources::{self, HandlePolicy};
use crate::abi::{Abi, Side};
use crate::core::EntityKind;
use crate::error::Result;
use crate::options::{MemoryPlan, Options};
use crate::plan::{
    CoreDef, CoreEntity, CoreInstance, Plan, ResourceId, StringEncoding, Type, TypeId,
};

/// How strings lie in the bridge: as most hosts have them. A string of the host that comes to a guest
/// in another encoding is then allocated there in the steps in which the engine would: those from UTF-8.
pub const BRIDGE_ENCODING: StringEncoding = StringEncoding::Utf8;

/// What goes through the bridge.
pub(super) struct Bridged {
    /// The types that mention a resource whose handles are exchanged, and the types of functions whose
    /// pointers are translated.
    pub types: EntitySet<TypeId>,
    /// Whether pointers are translated.
    pub pointers: bool,
}

/// Finds what goes through the bridge.
pub(super) fn bridged(
    plan: &Plan<'_>,
    abi: &Abi,
    policies: &SecondaryMap<ResourceId, HandlePolicy>,
    options: &Options,
) -> Result<Bridged> {
    let mut types = resources::bridged(plan, policies);
    let pointers = options.memory == MemoryPlan::Single && has_several_memories(plan, policies);
    if pointers {
        for (id, ty) in plan.types.iter() {
            if matches!(ty, Type::Func(_)) && needs_memory(plan, abi, id)? {
                types.insert(id);
            }
        }
    }
    Ok(Bridged { types, pointers })
}

/// Whether a function of the boundary is lifted or lowered with a memory.
pub fn needs_memory(plan: &Plan<'_>, abi: &Abi, ty: TypeId) -> Result<bool> {
    let ty = plan.types.func(ty)?;
    let signature = abi.flatten(ty, Side::Lower);
    let has_pointers = ty.param_types().chain(ty.result).any(|ty| abi.has_pointers(ty));
    Ok(has_pointers || signature.spilled_params || signature.spilled_results)
}

/// Whether guests have several memories, or one beside those of handle tables.
fn has_several_memories(
    plan: &Plan<'_>,
    policies: &SecondaryMap<ResourceId, HandlePolicy>,
) -> bool {
    let is_memory = |def: &&CoreDef| {
        matches!(def, CoreDef::Entity(CoreEntity { kind: EntityKind::Memory, .. }))
    };
    // A module lists what it imports and what it defines.
    let defined = |it: &CoreInstance| {
        let listed = plan.module(it.module).memories.len();
        listed.saturating_sub(it.imports.iter().filter(is_memory).count())
    };
    let memories: usize = plan.core_instances.values().map(defined).sum();
    let has_tables = |resource| policies[resource] != HandlePolicy::Passthrough;
    memories + usize::from(plan.resources.keys().any(has_tables)) > 1
}
