//! How handles of each resource are kept.
//!
//! | policy | when | how |
//! |---|---|---|
//! | [`Passthrough`](HandlePolicy::Passthrough) | imported, and no crossing mentions it | guests use the engine's handles: built-ins and lowered functions bind straight to the host's |
//!
//! # Limits
//!
//! A resource that a crossing mentions, or that is defined inside, needs handle tables in the fused
//! module. Such input is refused, by resource and function.

use std::fmt;

use cranelift_entity::SecondaryMap;

use crate::error::{Code, Error, Result};
use crate::plan::{Plan, Resource, ResourceId, Type, TypeId};

/// How handles of a resource are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HandlePolicy {
    /// The guests use the engine's handles. Proof: no crossing mentions the resource, so no
    /// handle moves between fused instances.
    #[default]
    Passthrough,
}

impl fmt::Display for HandlePolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            HandlePolicy::Passthrough => f.write_str("passthrough: no crossing mentions it"),
        }
    }
}

/// Decides for every resource.
pub(super) fn policies(plan: &Plan<'_>) -> Result<SecondaryMap<ResourceId, HandlePolicy>> {
    for (lower, lift) in plan.crossings() {
        let (lower, lift) = (&plan.lowers[lower], &plan.lifts[lift]);
        if let Some(resource) = mentioned(plan, lift.ty).first() {
            return Err(Error::new(
                Code::ResourceNotFused,
                format!(
                    "a call from `{}` to `{}` passes a handle of {}",
                    plan.path(lower.owner),
                    plan.path(lift.owner),
                    describe(plan, *resource),
                ),
            )
            .in_instance(plan.path(lower.owner))
            .in_function(plan.ty(lift.ty).to_string())
            .with_help("leave the two components composed"));
        }
    }
    for builtin in plan.builtins.values() {
        if let Resource::Defined { owner, .. } = plan.resources[builtin.kind.resource()] {
            return Err(Error::new(
                Code::ResourceNotFused,
                format!("`{}` defines a resource", plan.path(owner)),
            )
            .in_instance(plan.path(owner))
            .with_help("leave the component composed"));
        }
    }
    Ok(SecondaryMap::new())
}

fn describe(plan: &Plan<'_>, resource: ResourceId) -> String {
    match plan.resources[resource] {
        Resource::Imported => "a resource of the host".into(),
        Resource::Defined { owner, .. } => format!("a resource of `{}`", plan.path(owner)),
    }
}

/// The resources that a type mentions.
fn mentioned(plan: &Plan<'_>, ty: TypeId) -> Vec<ResourceId> {
    let mut found = Vec::new();
    let mut seen = std::collections::HashSet::new();
    let mut open = vec![ty];
    while let Some(ty) = open.pop() {
        if !seen.insert(plan.types.canonical(ty)) {
            continue;
        }
        match &plan.types[ty] {
            Type::Resource(resource) => found.push(*resource),
            ty => open.extend(ty.parts()),
        }
    }
    found
}
