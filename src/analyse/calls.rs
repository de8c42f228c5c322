//! What is done around a call, besides moving values.
//!
//! *canon_lower* and *canon_lift* of the specification do more than lift and lower:
//!
//! | step | in the specification | left out where |
//! |---|---|---|
//! | [`Leave`] | `trap_if(not inst.may_leave)` | the flag is never cleared meanwhile (`guards`) |
//! | [`Lends`] | `task.add_lend`, and its end | no parameter is a borrow |
//! | [`Frame`] | `task.num_borrows` | no borrow is made in the callee's table |
//! | [`Slots`] | every task has a context of its own | the callee has none, or the engine makes a task |
//! | [`Ending`] | `post_return`, `task.return` | the callee has neither |
//! | [`Running`] | every call is a task | nothing that the callee does depends on it |
//! | [`Stack`] | every task has one | it does not block there |
//!
//! An adapter between two guests, and a function between a guest and the host, do the same steps in
//! the same order. So the steps are decided here once, and `shim` takes them as they are.

use super::blocking::Blocker;
use super::bridge::Through;
use super::guards::Leave;
use super::lends::{Frame, Lends};
use super::{Facts, Move};
use super::{blocking, lends};
use crate::error::Result;
use crate::plan::{CoreFunc, InstanceId, Lift, LiftId, Lower, Plan, ResourceId};

/// What a generated function for a crossing does.
#[derive(Clone, Debug)]
pub struct Adapt {
    /// What it calls.
    pub lift: LiftId,
    /// How each parameter moves.
    pub params: Vec<(Box<str>, Move)>,
    /// How the caller passes them.
    pub passed: Passing,
    /// How the result moves.
    pub result: Option<Move>,
    /// How the caller gets it.
    pub returned: Passing,
    /// What is done around the call.
    pub around: Around,
}

/// What a generated function for an exported function does, whose values are exchanged.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// Through which memory.
    pub through: Through,
    /// What is done around the call.
    pub around: Around,
    /// The resources of the host whose handles are lent to the callee. They are dropped when it has
    /// returned.
    pub give_back: Vec<ResourceId>,
}

/// How parameters or results are passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passing {
    /// As core values.
    Flat,
    /// In memory, for they are too many.
    Spilled,
}

/// What is done around a call.
#[derive(Clone, Copy, Debug, Default)]
pub struct Around {
    /// Before it, about the caller.
    pub leave: Leave,
    /// To handles of the caller.
    pub lends: Lends,
    /// In the callee's handle table.
    pub frame: Frame,
    /// To the slots of context.
    pub slots: Slots,
    /// When the callee is done.
    pub ending: Ending,
    /// To what runs, for tasks that the module keeps.
    pub running: Running,
    /// Of such a task, whether it may block on its stack.
    pub stack: Stack,
}

/// Whether a task that the module keeps may block on its stack. Where it may, it is proved to be at the
/// bottom of one ([`inside`](super::inside)).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stack {
    /// It does not.
    #[default]
    Returns,
    /// It does if a task that it cancels goes on.
    Cancels(Blocker),
    /// It may.
    Waits(Blocker),
}

/// What runs while a function does that is not `async`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Running {
    /// What ran before: the callee has nothing that depends on it, or the engine keeps tasks.
    #[default]
    Same,
    /// The instance, by the address of its record: a task that must not block.
    Instance(i32),
}

/// Whose context a callee runs in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Slots {
    /// The caller's: it does not look at the slots, or the engine makes a task for it.
    #[default]
    Shared,
    /// Its own: the slots that it uses are cleared before the call, and restored after it.
    Own,
}

/// How a callee ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ending {
    /// It returns.
    #[default]
    Return,
    /// It returns, and this is called when its results have been read.
    PostReturn(CoreFunc),
    /// It calls `task.return`, which keeps its result until it returns.
    TaskReturn,
}

impl Ending {
    /// That of a function without `async`.
    fn of_sync(lift: &Lift) -> Ending {
        lift.options.post_return.map_or(Ending::Return, Ending::PostReturn)
    }
}

impl Around {
    /// Whether nothing is done.
    pub(super) fn is_nothing(self) -> bool {
        self.leave == Leave::Free
            && self.lends == Lends::Nothing
            && self.frame == Frame::None
            && self.slots == Slots::Shared
            && self.ending == Ending::Return
            && self.running == Running::Same
    }

    /// What is done around a call from one guest to another.
    pub(super) fn of_crossing(
        plan: &Plan<'_>,
        facts: &Facts,
        lower: &Lower,
        id: LiftId,
    ) -> Result<Self> {
        let lift = &plan.lifts[id];
        let is_task = facts.inside.is_some() && blocking::is_async(plan, id);
        let lends = match facts.lends(plan, lower)? {
            Lends::Nothing => Lends::Nothing,
            _ if is_task => Lends::Task,
            lends => lends,
        };
        let frame = match lends::frame(plan, lift.ty, lift.owner)? {
            Frame::Borrows if is_task => Frame::Task,
            frame => frame,
        };
        Ok(Around {
            leave: facts.may_leave[lower.owner].crossings,
            lends,
            frame,
            slots: match facts.context[lift.owner].is_empty() {
                true => Slots::Shared,
                false => Slots::Own,
            },
            ending: match lift.options.async_ {
                true => Ending::TaskReturn,
                false => Ending::of_sync(lift),
            },
            running: match blocking::is_async(plan, id) {
                true => Running::Same,
                false => facts.running(lift.owner),
            },
            stack: facts.inside.as_ref().map_or(Stack::Returns, |inside| inside.stack(id)),
        })
    }

    /// What is done around a call of the host whose values are exchanged.
    pub(super) fn of_import(plan: &Plan<'_>, facts: &Facts, lower: &Lower) -> Result<Self> {
        let lends = facts.lends(plan, lower)?;
        let leave = facts.may_leave[lower.owner].crossings;
        Ok(Around { leave, lends, ..Around::default() })
    }
}

impl Facts {
    /// What runs while a function of an instance does that is not `async`.
    pub fn running(&self, instance: InstanceId) -> Running {
        let record = self.inside.as_ref().and_then(|inside| inside.record(instance));
        record.map_or(Running::Same, Running::Instance)
    }
}

impl Exchange {
    /// What is done for a function that the host calls.
    pub(super) fn of_export(
        plan: &Plan<'_>,
        facts: &Facts,
        lift: &Lift,
        through: Through,
    ) -> Result<Self> {
        let frame = lends::frame(plan, lift.ty, lift.owner)?;
        let ending = match through {
            Through::Bridge => Ending::of_sync(lift),
            // The engine reads the results, and calls what comes after that.
            Through::Guest => Ending::Return,
        };
        let slots = match facts.inside.is_some() && !facts.context[lift.owner].is_empty() {
            true => Slots::Own,
            false => Slots::Shared,
        };
        let running = facts.running(lift.owner);
        let around = Around { frame, slots, ending, running, ..Around::default() };
        let give_back = lends::lent_by_host(plan, &facts.resources, lift.ty)?;
        Ok(Exchange { through, around, give_back })
    }
}
