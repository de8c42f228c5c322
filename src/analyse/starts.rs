//! Which start functions begin with slots of context that another has used.
//!
//! Each start function of the composition runs in a thread of its own, whose slots are clear. In the
//! fused module one function calls them all, and so one thread runs them. Where an instance uses slots
//! and one of its core instances starts after another start function has run, the slots are cleared in
//! between. That takes a module with a start function of its own, for the linker of core instances keeps
//! the order of start functions, and knows nothing of slots.

use cranelift_entity::SecondaryMap;

use super::Slot;
use crate::plan::{CoreInstanceId, InstanceId, Plan};

/// A start function that needs clear slots.
#[derive(Clone, Copy, Debug)]
pub struct ClearStart {
    /// The component instance whose slots are cleared.
    pub owner: InstanceId,
    /// The core instance that starts then.
    pub before: CoreInstanceId,
}

/// Decides for every core instance.
pub(super) fn clear_starts(
    plan: &Plan<'_>,
    context: &SecondaryMap<InstanceId, Vec<Slot>>,
) -> Vec<ClearStart> {
    let started = plan.core_instances.iter().filter(|(_, core)| plan.module(core.module).has_start);
    let users = started.filter(|(_, core)| !context[core.owner].is_empty());
    // The first that uses slots finds them clear.
    users.skip(1).map(|(before, core)| ClearStart { owner: core.owner, before }).collect()
}
