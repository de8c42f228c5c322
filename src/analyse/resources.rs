//! How handles of each resource are kept.
//!
//! # Problem
//!
//! An index in one instance's handle table means nothing in another's. Where a handle moves between
//! fused instances, both tables have to be in the fused module; where it moves between an instance
//! and the host, the engine keeps a table. Which of the two a resource needs depends on where it is
//! mentioned:
//!
//! | policy | the boundary mentions it | a crossing mentions it | how |
//! |---|---|---|---|
//! | [`Internal`](HandlePolicy::Internal) | no | | tables of the fused module |
//! | [`Passthrough`](HandlePolicy::Passthrough) | yes | no | the engine's table: built-ins and lowered functions bind straight to the host's |
//! | [`Bridged`](HandlePolicy::Bridged) | yes | yes | tables of the fused module; exchanged for the engine's at the boundary |
//!
//! The proof of `Passthrough` is that no type of a crossing mentions the resource: no handle of it
//! can move from one instance to another, so instances that share the engine's index space are told
//! apart by who was given which index, as different types in one table are.

use std::collections::HashSet;
use std::fmt;

use cranelift_entity::SecondaryMap;

use crate::plan::{
    AsyncBuiltin, BagId, BuiltinKind, FuncDef, InstanceId, Item, Plan, ResourceId, Type, TypeId,
};

/// How handles of a resource are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HandlePolicy {
    /// In tables of the fused module: the boundary does not mention the resource.
    #[default]
    Internal,
    /// In the engine's table: no crossing mentions the resource.
    Passthrough,
    /// In tables of the fused module, exchanged at the boundary: both mention the resource.
    Bridged,
}

impl fmt::Display for HandlePolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            HandlePolicy::Internal => "internal: the boundary does not mention it",
            HandlePolicy::Passthrough => "passthrough: no crossing mentions it",
            HandlePolicy::Bridged => "bridged: crossings and the boundary mention it",
        })
    }
}

/// Decides for every resource.
pub(super) fn policies(plan: &Plan<'_>) -> SecondaryMap<ResourceId, HandlePolicy> {
    let crossing = mentioned(plan, plan.crossings().map(|(_, lift)| plan.lifts[lift].ty));
    let mut policies = SecondaryMap::new();
    for resource in at_boundary(plan) {
        policies[resource] = match crossing.contains(&resource) {
            true => HandlePolicy::Bridged,
            false => HandlePolicy::Passthrough,
        };
    }
    policies
}

/// Whether a type mentions a resource whose handles are exchanged at the boundary.
pub(super) fn is_bridged(
    plan: &Plan<'_>,
    policies: &SecondaryMap<ResourceId, HandlePolicy>,
    ty: TypeId,
) -> bool {
    mentioned(plan, [ty]).into_iter().any(|resource| policies[resource] == HandlePolicy::Bridged)
}

/// The resources that the root imports, or mentions in what it imports and exports.
fn at_boundary(plan: &Plan<'_>) -> HashSet<ResourceId> {
    let mut types = Vec::new();
    let mut open: Vec<Item> =
        plan.root_imports.iter().chain(&plan.root_exports).map(|(_, item)| *item).collect();
    let mut seen: HashSet<BagId> = HashSet::new();
    while let Some(item) = open.pop() {
        match item {
            Item::Type(ty) => types.push(ty),
            Item::Func(FuncDef::Lift(lift), ty) => types.extend([ty, plan.lifts[lift].ty]),
            Item::Func(FuncDef::Import(_), ty) => types.push(ty),
            Item::Instance(bag) if seen.insert(bag) => open.extend(plan.bags[bag].values()),
            _ => {}
        }
    }
    // Values of streams and futures are moved by the engine.
    types.extend(plan.builtins.values().filter_map(|builtin| match builtin.kind {
        BuiltinKind::Async(AsyncBuiltin::Copy(_, ty)) => Some(ty),
        _ => None,
    }));
    mentioned(plan, types)
}

/// The resources that types mention.
fn mentioned(plan: &Plan<'_>, types: impl IntoIterator<Item = TypeId>) -> HashSet<ResourceId> {
    let mut found = HashSet::new();
    let mut seen = HashSet::new();
    let mut open: Vec<TypeId> = types.into_iter().collect();
    while let Some(ty) = open.pop() {
        if !seen.insert(plan.types.canonical(ty)) {
            continue;
        }
        match &plan.types[ty] {
            Type::Resource(resource) => {
                found.insert(*resource);
            }
            ty => open.extend(ty.parts()),
        }
    }
    found
}

/// Whether lifting a value lends handles, and whether lowering it into an instance makes borrows
/// there: those of resources that the instance does not define.
pub(super) fn borrows(plan: &Plan<'_>, ty: TypeId, into: InstanceId) -> (bool, bool) {
    let (mut lends, mut makes) = (false, false);
    for part in plan.types.all_parts(ty) {
        if let Type::Borrow(resource) = plan.types[part] {
            lends = true;
            makes |= !plan.types.resource(resource).is_ok_and(|r| plan.defines(into, r));
        }
    }
    (lends, makes)
}
