//! Which state there is of component instances, in globals of the fused module.
//!
//! | global | there is one where |
//! |---|---|
//! | [`State::MayLeave`] | a check of the instance's flag can fire (`guards`) |
//! | [`State::Task`] | another instance calls a function that is lifted with `async` |
//! | [`State::Base`] | a guest asks where its memory begins |
//! | [`State::Returned`] | such a function has a result: one for each flat value |
//! | [`State::Records`] and the rest | the module keeps tasks (`inside`), and then there are no others of tasks |
//!
//! Nothing but shims can reach these, so no guest can clear its own guard.

use wasm_encoder::ValType;
use wasm_fuser_merge::hash::HashSet;

use super::{Binding, Facts, Inside};
use crate::error::Result;
use crate::plan::{CoreEntity, InstanceId, LiftId, Plan, TypeId};

/// A global.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// The flag `may_leave` of an instance.
    MayLeave(InstanceId),
    /// Which task of an instance runs, of those that return by `task.return`.
    Task(InstanceId),
    /// Where a memory begins in the one memory: immutable.
    Base(CoreEntity),
    /// A flat value that `task.return` was called with.
    Returned(InstanceId, u32, ValType),
    /// Of tasks that the module keeps: where records have not been used yet, at first.
    Records(u32),
    /// Likewise: the record of the task that runs.
    Current,
    /// Likewise: a slot of its context.
    Slot(u32),
}

impl State {
    /// Its type.
    pub fn ty(self) -> ValType {
        match self {
            State::MayLeave(_)
            | State::Task(_)
            | State::Base(_)
            | State::Records(_)
            | State::Current => ValType::I32,
            State::Slot(_) => ValType::I64,
            State::Returned(_, _, ty) => ty,
        }
    }
}

/// All of it; each is the global of that index.
pub(super) fn state(plan: &Plan<'_>, facts: &Facts) -> Result<HashSet<State>> {
    let flags = plan.instances.keys().filter(|&instance| facts.may_leave[instance].exists());
    let mut state: HashSet<State> = flags.map(State::MayLeave).collect();
    state.extend(facts.inside.iter().flat_map(Inside::state));
    let by_engine = plan.crossings().filter(|_| facts.inside.is_none());
    for (lower, lift) in by_engine {
        if plan.lifts[lift].options.async_ && !plan.is_reentrant(lower, lift) {
            state.insert(State::Task(plan.lifts[lift].owner));
            state.extend(facts.returned(plan, lift)?);
        }
    }
    state.extend(facts.lowers.values().filter_map(|binding| match binding {
        Some(Binding::Base { memory }) => Some(State::Base(*memory)),
        _ => None,
    }));
    Ok(state)
}

impl Facts {
    /// The globals that hold the result of a lifted function.
    pub fn returned(&self, plan: &Plan<'_>, lift: LiftId) -> Result<Vec<State>> {
        let result = plan.types.func(plan.lifts[lift].ty)?.result;
        Ok(self.kept(result, plan.lifts[lift].owner))
    }

    /// The globals that hold a value that an instance has returned.
    pub fn kept(&self, result: Option<TypeId>, owner: InstanceId) -> Vec<State> {
        let types = self.abi.flat_record(result).unwrap_or_default();
        (0..).zip(types).map(|(index, ty)| State::Returned(owner, index, ty)).collect()
    }
}
