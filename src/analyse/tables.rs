//! Which instances have a handle table in the fused module.
//!
//! The engine keeps one table for the whole result. An instance has another one, of its own, if some
//! generated function makes, looks up, lends or drops a handle of it:
//!
//! | function | table of |
//! |---|---|
//! | a built-in on a resource that is not left to the engine | the instance that has the built-in |
//! | an adapter that moves handles | caller and callee |
//! | one that moves ends of streams or futures, or error contexts, where the module keeps tasks | caller and callee |
//! | one that makes a task, and a built-in of tasks that the module keeps | caller and callee |
//! | a call of the host that moves handles of such a resource, or lends any | the caller |
//! | a call by the host, likewise | the callee |

use std::collections::BTreeSet;

use wasm_fuser_merge::hash::HashSet;

use super::lends::{Frame, Lends};
use super::{Binding, BuiltinBinding, Facts, HandlePolicy, TaskFunc};
use crate::error::{Error, Result};
use crate::plan::{InstanceId, LiftId, Plan, Type, TypeId};
use crate::runtime::Store;

/// Decides for every instance.
pub(super) fn tables(plan: &Plan<'_>, facts: &Facts) -> Result<HashSet<InstanceId>> {
    let mut tables = BTreeSet::new();
    for (id, builtin) in &plan.builtins {
        if let Some(BuiltinBinding::Table { .. } | BuiltinBinding::Inside { .. }) =
            facts.builtins[id]
        {
            tables.insert(builtin.owner);
        }
    }
    for (id, lower) in &plan.lowers {
        match &facts.lowers[id] {
            Some(Binding::Start(adapt)) => {
                tables.extend([lower.owner, plan.lifts[adapt.lift].owner]);
            }
            Some(Binding::Adapt(adapt)) if moves_handles(plan, facts, lower.ty)? => {
                tables.extend([lower.owner, plan.lifts[adapt.lift].owner]);
            }
            Some(Binding::Exchange { around, .. })
                if around.lends != Lends::Nothing || moves_handles(plan, facts, lower.ty)? =>
            {
                tables.insert(lower.owner);
            }
            _ => {}
        }
    }
    for (lift, exchange) in &facts.exchanged {
        let lift = &plan.lifts[*lift];
        if exchange.around.frame == Frame::Borrows || moves_handles(plan, facts, lift.ty)? {
            tables.insert(lift.owner);
        }
    }
    // What is called back may wait for a set of its own.
    let called_back = |(id, _): &(LiftId, _)| {
        let resumes = facts.inside.as_ref().map(|inside| inside.place(TaskFunc::Resume(*id)));
        resumes.is_some_and(|place| place != 0)
    };
    let roots = facts.inside.iter().flat_map(|inside| &inside.roots);
    tables.extend(roots.filter(|(_, it)| it.exchanges).map(|(id, _)| plan.lifts[*id].owner));
    tables.extend(plan.lifts.iter().filter(called_back).map(|(_, lift)| lift.owner));
    Ok(tables.into_iter().collect())
}

impl Facts {
    /// The store of all tables.
    pub fn store(&self, plan: &Plan<'_>) -> Store {
        // There are no more than instances, whose ids are numbers of 32 bits.
        Store::new(self.tables.len() as u32, plan.store)
    }

    /// The number of an instance's table.
    pub fn table(&self, owner: InstanceId) -> Result<u32> {
        let number = self.tables.get_index_of(&owner);
        let number = number.ok_or_else(|| Error::internal("a handle is in no table"))?;
        // There are no more than instances, whose ids are numbers of 32 bits.
        Ok(number as u32)
    }
}

/// Whether a function passes handles that are not left to the engine.
fn moves_handles(plan: &Plan<'_>, facts: &Facts, ty: TypeId) -> Result<bool> {
    if facts.inside.is_some() && plan.types.asynchronous_part(ty).is_some() {
        return Ok(true);
    }
    for part in plan.types.parts_of_handles(ty) {
        if let Type::Own(resource) | Type::Borrow(resource) = plan.types[part]
            && facts.resources[plan.types.resource(resource)?] != HandlePolicy::Passthrough
        {
            return Ok(true);
        }
    }
    Ok(false)
}
