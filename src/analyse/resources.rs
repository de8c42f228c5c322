//! How handles of each resource are kept.
//!
//! # Problem
//!
//! An index in one instance's handle table means nothing in another's. Where a handle moves between
//! fused instances, both tables have to be in the fused module; where it moves between an instance
//! and the host, the engine keeps a table. Which of the two a resource needs depends on where it is
//! mentioned:
//!
//! | policy | the boundary mentions it | in the fused module, it is with | how |
//! |---|---|---|---|
//! | [`Internal`](HandlePolicy::Internal) | no | | tables of the fused module |
//! | [`Passthrough`](HandlePolicy::Passthrough) | yes, or (*) | one instance, which has all of its handles there | the engine's table: built-ins and lowered functions bind straight to the host's |
//! | [`Bridged`](HandlePolicy::Bridged) | yes | several ([`Bridge`]) | tables of the fused module; exchanged for the engine's at the boundary |
//!
//! (*) In the composition, an instance has one table for handles of all kinds: it can tell a handle
//! of one resource from that of another by its index. So what it has by itself alone is left to the
//! engine, too, where others of its handles are.
//!
//! # What is proved
//!
//! `Passthrough` leaves the engine to do what it does for one component instance. That is right
//! where
//!
//! * no crossing mentions the resource: no handle of it moves from one instance to another, so the
//!   engine's index is only ever seen by whom it was given to;
//! * if it is defined inside, nobody but its definer has handles of it: the engine takes the whole
//!   result for the definer, to which a borrow is the rep; and
//! * all handles in the engine's table are those of one instance, and all handles of that instance
//!   are there: then the engine's table is that instance's.
//!
//! The last is left out where it is asked for ([`Options::share_handles`]). Several instances then share
//! the engine's index space. They can tell from the numbers, and reach each other's handles by making up
//! numbers; in return, nothing has to be exchanged.
//!
//! [`Options::share_handles`]: crate::Options::share_handles

use std::collections::BTreeSet;
use std::fmt;

use cranelift_entity::{EntitySet, SecondaryMap};
use wasm_fuser_merge::hash::HashSet;
use wasm_fuser_merge::order;

use super::Facts;
use super::concurrent::concurrent;
use crate::plan::{
    AsyncBuiltin, BuiltinKind, InstanceId, Plan, Resource, ResourceId, Type, TypeId, holders,
    mentioned, types_of,
};

/// How handles of a resource are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HandlePolicy {
    /// In tables of the fused module: the boundary does not mention the resource.
    #[default]
    Internal,
    /// In the engine's table: no crossing mentions the resource, and nobody but its definer, if
    /// that is not the host, has handles of it. The boundary mentions it, or others of its
    /// definer's handles are there. Unless handles are shared, the table is that of one instance.
    Passthrough,
    /// In tables of the fused module, exchanged at the boundary.
    Bridged(Bridge),
}

/// Why handles of a resource that the boundary mentions are not left to the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bridge {
    /// A crossing mentions the resource.
    Crosses,
    /// Another instance than its definer has handles of it, which the host passes there.
    NotOnlyTheDefiner,
    /// The engine's table would not be that of one instance.
    Isolated,
}

impl HandlePolicy {
    /// Whether handles are exchanged at the boundary.
    pub fn is_bridged(self) -> bool {
        matches!(self, HandlePolicy::Bridged(_))
    }

    /// Why so.
    pub fn reason(self) -> &'static str {
        match self {
            HandlePolicy::Internal => "the boundary does not mention it",
            HandlePolicy::Passthrough => {
                "no crossing mentions it, and if a guest defines it, no other guest has handles of it"
            }
            HandlePolicy::Bridged(Bridge::Crosses) => "crossings and the boundary mention it",
            HandlePolicy::Bridged(Bridge::NotOnlyTheDefiner) => {
                "a guest defines it, and another one gets handles of it from the host"
            }
            HandlePolicy::Bridged(Bridge::Isolated) => {
                "several guests have handles: the engine's table would not be that of one"
            }
        }
    }
}

impl fmt::Display for HandlePolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            HandlePolicy::Internal => "internal",
            HandlePolicy::Passthrough => "passthrough",
            HandlePolicy::Bridged(_) => "bridged",
        };
        write!(f, "{name}: {}", self.reason())
    }
}

/// Decides for every resource. If tasks are the engine's, handles of what is waited for are in its table.
pub(super) fn policies(
    plan: &Plan<'_>,
    share: bool,
    tasks_by_engine: bool,
) -> SecondaryMap<ResourceId, HandlePolicy> {
    let crossing = mentioned(plan, plan.crossings().map(|(_, lift)| plan.lifts[lift].ty));
    let holders = holders(plan);
    let mut policies = SecondaryMap::new();
    let boundary = at_boundary(plan, tasks_by_engine);
    for &resource in &boundary {
        let only_the_definer = match plan.resources[resource] {
            Resource::Imported { .. } => true,
            Resource::Defined { owner, .. } => holders[resource].iter().all(|it| *it == owner),
        };
        policies[resource] = match (crossing.contains(&resource), only_the_definer) {
            (true, _) => HandlePolicy::Bridged(Bridge::Crosses),
            (false, false) => HandlePolicy::Bridged(Bridge::NotOnlyTheDefiner),
            (false, true) => HandlePolicy::Passthrough,
        };
    }
    let beside = beside(plan, &policies, &holders, tasks_by_engine);
    for (resource, defined) in &plan.resources {
        if let Resource::Defined { owner, .. } = defined
            && !boundary.contains(&resource)
            && !crossing.contains(&resource)
            && beside.contains(owner)
            && holders[resource].iter().all(|it| it == owner)
        {
            policies[resource] = HandlePolicy::Passthrough;
        }
    }
    let passes = |resource: ResourceId| policies[resource] == HandlePolicy::Passthrough;
    let guests = order::set(boundary.iter().flat_map(|resource| &holders[*resource]));
    let of_a_guest =
        |resource: &ResourceId| holders[*resource].iter().any(|it| guests.contains(it));
    // Waitables of tasks that the module keeps are in its own tables, and so is all else that is beside them.
    let has_tasks = !tasks_by_engine && {
        let concurrent = concurrent(plan);
        guests.iter().any(|guest| concurrent.contains_key(guest))
    };
    let is_of_one_guest =
        guests.len() <= 1 && !has_tasks && plan.resources.keys().filter(of_a_guest).all(passes);
    if !share && !is_of_one_guest {
        let passed: Vec<_> = plan.resources.keys().filter(|it| passes(*it)).collect();
        for resource in passed {
            policies[resource] = match boundary.contains(&resource) {
                true => HandlePolicy::Bridged(Bridge::Isolated),
                false => HandlePolicy::Internal,
            };
        }
    }
    policies
}

/// The instances that have handles in the engine's table: of resources that are passed through, or
/// of what is waited for.
fn beside(
    plan: &Plan<'_>,
    policies: &SecondaryMap<ResourceId, HandlePolicy>,
    holders: &SecondaryMap<ResourceId, BTreeSet<InstanceId>>,
    tasks_by_engine: bool,
) -> BTreeSet<InstanceId> {
    let passed = plan.resources.keys().filter(|it| policies[*it] == HandlePolicy::Passthrough);
    let holders = passed.flat_map(|resource| holders[resource].iter().copied());
    let waiting = plan.builtins.values().filter_map(|builtin| match builtin.kind {
        BuiltinKind::Async(kind) if kind.is_of_waitables() && tasks_by_engine => {
            Some(builtin.owner)
        }
        _ => None,
    });
    order::set(holders.chain(waiting))
}

/// The types that mention a resource whose handles are exchanged at the boundary.
pub(super) fn bridged(
    plan: &Plan<'_>,
    policies: &SecondaryMap<ResourceId, HandlePolicy>,
) -> EntitySet<TypeId> {
    let mut bridged = EntitySet::new();
    // The parts of a type come before it.
    for (id, ty) in plan.types.iter() {
        let canonical = plan.types.canonical(id);
        let found = match ty {
            _ if canonical != id => bridged.contains(canonical),
            Type::Resource(resource) => policies[*resource].is_bridged(),
            ty => ty.parts().into_iter().any(|part| bridged.contains(part)),
        };
        if found {
            bridged.insert(id);
        }
    }
    bridged
}

/// The resources that the root imports, or mentions in what it imports and exports.
fn at_boundary(plan: &Plan<'_>, tasks_by_engine: bool) -> HashSet<ResourceId> {
    let at_root = plan.root_imports.iter().chain(&plan.root_exports);
    let mut types = types_of(plan, at_root.map(|(_, item)| *item));
    // If tasks are the engine's, it moves the values of streams and futures.
    types.extend(plan.builtins.values().filter_map(|builtin| match builtin.kind {
        BuiltinKind::Async(AsyncBuiltin::Copy(_, ty)) if tasks_by_engine => Some(ty),
        _ => None,
    }));
    mentioned(plan, types)
}

impl Facts {
    /// Whether a handle of an instance may be a borrow of a task that the module keeps.
    pub fn borrows_by_task(&self, instance: InstanceId) -> bool {
        self.inside.as_ref().is_some_and(|inside| inside.borrowers.contains(&instance))
    }
}
