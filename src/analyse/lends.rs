//! Which handles a call lends, and which borrows it makes.
//!
//! A handle that is passed as a borrow cannot be dropped by its owner while the call takes, and a borrow
//! that the call has made has to be dropped by the callee before it is over (`add_lend` and `num_borrows` of
//! the specification). Most calls have neither, and each that has is told here.

use cranelift_entity::SecondaryMap;

use super::Facts;
use super::resources::HandlePolicy;
use crate::abi::Side;
use crate::error::Result;
use crate::plan::{InstanceId, Lower, Plan, Resource, ResourceId, Type, TypeId};

/// Which handles of the caller cannot be dropped during a call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lends {
    /// None: no parameter is a borrow.
    #[default]
    Nothing,
    /// Those that are parameters, passed as core values: they are known as long as the call takes.
    Parameters,
    /// Those that are passed as borrows, wherever they are: they are kept until the call is over.
    Kept,
    /// The same, of a task that the module keeps: until its caller knows that it has ended.
    Task,
}

/// Which borrows the callee has to drop before a call is over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Frame {
    /// None: no parameter is a borrow, or the callee defines the resource and gets the rep.
    #[default]
    None,
    /// Those that are made in its table for this call.
    Borrows,
    /// The same, of a task that the module keeps.
    Task,
}

impl Facts {
    /// Which handles the caller of a lowered function lends.
    pub(super) fn lends(&self, plan: &Plan<'_>, lower: &Lower) -> Result<Lends> {
        let is_borrow = |ty: TypeId| matches!(plan.types[ty], Type::Borrow(_));
        let ty = plan.types.func(lower.ty)?;
        let (mut direct, mut nested) = (false, false);
        for param in ty.param_types() {
            match is_borrow(param) {
                true => direct = true,
                false => nested |= plan.types.parts_of_handles(param).into_iter().any(is_borrow),
            }
        }
        let is_spilled = || {
            let abi = self.abi_of(plan, lower.options.memory);
            abi.flatten(ty, Side::of_lower(&lower.options)).spilled_params
        };
        Ok(match (direct, nested) {
            (false, false) => Lends::Nothing,
            (true, false) if !is_spilled() => Lends::Parameters,
            _ => Lends::Kept,
        })
    }
}

/// Whether a call of this type makes borrows in the table of the instance that is called: those of
/// resources that the instance does not define.
pub(super) fn frame(plan: &Plan<'_>, ty: TypeId, into: InstanceId) -> Result<Frame> {
    for part in plan.types.parts_of_handles(ty) {
        if let Type::Borrow(resource) = plan.types[part]
            && !plan.defines(into, plan.types.resource(resource)?)
        {
            return Ok(Frame::Borrows);
        }
    }
    Ok(Frame::None)
}

/// The resources of the host that a call of this type borrows, and whose handles are exchanged.
pub(super) fn lent_by_host(
    plan: &Plan<'_>,
    policies: &SecondaryMap<ResourceId, HandlePolicy>,
    ty: TypeId,
) -> Result<Vec<ResourceId>> {
    let mut found = Vec::new();
    for part in plan.types.parts_of_handles(ty) {
        let Type::Borrow(resource) = plan.types[part] else { continue };
        let resource = plan.types.resource(resource)?;
        let is_of_host = matches!(plan.resources[resource], Resource::Imported { .. });
        if is_of_host && policies[resource].is_bridged() && !found.contains(&resource) {
            found.push(resource);
        }
    }
    Ok(found)
}
