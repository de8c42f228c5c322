//! Which functions may block on their stack.
//!
//! # Problem
//!
//! A call with the option `async` gets control back when its callee returns or blocks. A callee that
//! has returned to wait, to be called back, has nothing on the stack by then. One that blocks with
//! frames on the stack needs a stack of its own, and a core module has none to give. So before tasks
//! are kept in the module (`inside`) it has to be known who may block so.
//!
//! # What is proved
//!
//! A core function may block if it may reach a *blocker*, by whatever calls there may be ([`graph`](super::graph)).
//! Blockers are
//!
//! | blocker | unless |
//! |---|---|
//! | `waitable-set.wait`, `thread.yield`, other built-ins of threads | |
//! | `stream.read` and `.write`, `future.read` and `.write` without `async` | |
//! | `subtask.cancel` without `async` | what it cancels can be told at once |
//! | a call without `async` of an `async` function of another instance | it returns at once |
//!
//! A function returns at once if it neither may block nor wait (it has no callback, or returns nothing
//! but 0, to exit), and nothing keeps it from entering its instance: there is no backpressure, and
//! nobody who has the instance to himself may block.
//!
//! A task that waits to enter, or that has returned to wait, is told of its cancellation while its canceller
//! stands there, unless somebody has its instance to himself and blocks. Whether it then ends, as it is to,
//! is for its code to say, and nothing that can be proved. Guests cancel so whenever they drop a call
//! that they wait for, and what is told that nobody wants its result has no reason to go on. So such a
//! cancellation is no blocker. It is a *soft* one: if the task goes on nevertheless, then who has cancelled
//! it waits where that can be, and traps elsewhere.
//!
//! What a synchronous function blocks is another matter: the specification lets it go on only by what
//! its own instance has ready, and traps otherwise. So a call of one is no blocker.
//!
//! # Limits
//!
//! It is about what may be, by the shape of the code. What never comes true counts, too.

use std::collections::BTreeSet;

use wasm_fuser_merge::hash::{Entry, HashMap, HashSet};
use wasm_fuser_merge::order;

use super::graph::{Graph, Node};
use crate::error::Result;
use crate::plan::{
    AsyncBuiltin, BuiltinId, BuiltinKind, CopyOp, CoreFunc, FuncDef, InstanceId, Lift, LiftId,
    Lower, LowerId, Plan, ThreadOp, Type,
};

/// What blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blocker {
    /// A built-in.
    Builtin(BuiltinId),
    /// A call without `async` of a function that may not return at once.
    Call(LowerId),
}

/// Which functions may block, and on what.
#[derive(Debug)]
pub struct Blocking<'p, 'a> {
    /// The calls that this is about.
    pub(super) calls: Graph<'p, 'a>,
    hard: Reach,
    /// What may cancel, and then has to wait if what it cancels goes on.
    soft: Reach,
    /// The lifted functions that do not return at once, for all that is known.
    late: HashSet<LiftId>,
}

/// Who may reach something that blocks, and what that is.
#[derive(Debug, Default)]
struct Reach(HashMap<Node, Blocker>);

impl Reach {
    /// Whoever may reach a function may block on what it does.
    fn mark(&mut self, calls: &Graph<'_, '_>, func: CoreFunc, blocker: Blocker) {
        let mut open = vec![Node::Func(func)];
        while let Some(node) = open.pop() {
            // What was found first stays.
            if let Entry::Vacant(entry) = self.0.entry(node) {
                entry.insert(blocker);
                open.extend(calls.callers.get(&node).into_iter().flatten());
            }
        }
    }

    fn of_lift(&self, calls: &Graph<'_, '_>, lift: &Lift) -> Option<Blocker> {
        let of = |func| self.0.get(&Node::Func(calls.definition(func))).copied();
        of(lift.callee).or_else(|| of(lift.options.callback?))
    }
}

impl Blocking<'_, '_> {
    /// What a lifted function may block on, at first or called back.
    pub fn of_lift(&self, lift: &Lift) -> Option<Blocker> {
        self.hard.of_lift(&self.calls, lift)
    }

    /// The same, of what blocks only if a task that is cancelled goes on.
    pub fn softly(&self, lift: &Lift) -> Option<Blocker> {
        self.soft.of_lift(&self.calls, lift)
    }

    /// Whether a call of a lifted function may come back before the result is there.
    fn is_late(&self, lift: &Lift, hindered: &BTreeSet<InstanceId>) -> bool {
        let waits = || match lift.options.callback {
            Some(_) => !self.calls.returns_zero(lift.callee),
            None => false,
        };
        self.of_lift(lift).is_some() || waits() || hindered.contains(&lift.owner)
    }

    /// The instances that a task may have to wait for: they have backpressure, or a task that has its
    /// instance to itself may block.
    fn hindered(&self) -> BTreeSet<InstanceId> {
        let plan = self.calls.plan;
        let mut hindered = BTreeSet::new();
        for builtin in plan.builtins.values() {
            if let BuiltinKind::Async(AsyncBuiltin::BackpressureInc) = builtin.kind {
                hindered.insert(builtin.owner);
            }
        }
        hindered.extend(self.held());
        hindered
    }

    /// The instances that somebody may have to himself and block.
    fn held(&self) -> BTreeSet<InstanceId> {
        let plan = self.calls.plan;
        let holds = |(id, lift): &(LiftId, &Lift)| {
            is_async(plan, *id) && needs_exclusive(lift) && self.of_lift(lift).is_some()
        };
        order::set(plan.lifts.iter().filter(holds).map(|(_, lift)| lift.owner))
    }

    /// The instances that may cancel a task that cannot be told at once: its own instance may be held.
    fn untold(&self) -> BTreeSet<InstanceId> {
        let (plan, held) = (self.calls.plan, self.held());
        let is_untold = |lower: &&Lower| match lower.target {
            FuncDef::Lift(lift) => held.contains(&plan.lifts[lift].owner),
            FuncDef::Import(_) => lower.options.async_,
        };
        order::set(plan.lowers.values().filter(is_untold).map(|lower| lower.owner))
    }
}

/// Finds out for every function of every guest.
pub(super) fn blocking<'p, 'a>(plan: &'p Plan<'a>) -> Result<Blocking<'p, 'a>> {
    let calls = Graph::new(plan)?;
    let (hard, soft) = (Reach::default(), Reach::default());
    let mut blocking = Blocking { calls, hard, soft, late: HashSet::new() };
    let mut cancels = Vec::new();
    for (id, builtin) in &plan.builtins {
        let (func, blocker) = (CoreFunc::Builtin(id), Blocker::Builtin(id));
        if blocks(builtin.kind) {
            blocking.hard.mark(&blocking.calls, func, blocker);
        }
        let cancel = AsyncBuiltin::SubtaskCancel { async_: false };
        if builtin.kind == BuiltinKind::Async(cancel) {
            blocking.soft.mark(&blocking.calls, func, blocker);
            cancels.push((id, builtin.owner));
        }
    }
    // Whoever calls what does not return at once blocks, so that its own callers may have to wait.
    let mut changed = true;
    while std::mem::take(&mut changed) {
        let hindered = blocking.hindered();
        for (id, lift) in &plan.lifts {
            if blocking.is_late(lift, &hindered) {
                changed |= blocking.late.insert(id);
            }
        }
        for (id, lower) in &plan.lowers {
            let FuncDef::Lift(lift) = lower.target else { continue };
            if lower.options.async_ || !is_async(plan, lift) {
                continue;
            }
            let (func, blocker) = (CoreFunc::Lower(id), Blocker::Call(id));
            let late = blocking.late.contains(&lift);
            let soft = blocking.softly(&plan.lifts[lift]).is_some();
            for (blocks, reach) in [(late, &mut blocking.hard), (soft, &mut blocking.soft)] {
                if blocks && !reach.0.contains_key(&Node::Func(func)) {
                    changed = true;
                    reach.mark(&blocking.calls, func, blocker);
                }
            }
        }
        let untold = blocking.untold();
        for (id, _) in cancels.extract_if(.., |(_, owner)| untold.contains(owner)) {
            changed = true;
            blocking.hard.mark(&blocking.calls, CoreFunc::Builtin(id), Blocker::Builtin(id));
        }
    }
    Ok(blocking)
}

/// Whether a lifted function has an `async` type: only such a one may block.
pub(super) fn is_async(plan: &Plan<'_>, lift: LiftId) -> bool {
    matches!(&plan.types[plan.lifts[lift].ty], Type::Func(func) if func.async_)
}

/// Whether the tasks of a lifted function, which is `async`, have their instance to themselves while
/// they run. *needs_exclusive* in the specification.
pub(super) fn needs_exclusive(lift: &Lift) -> bool {
    !lift.options.async_ || lift.options.callback.is_some()
}

/// Whether a built-in may block.
fn blocks(kind: BuiltinKind) -> bool {
    use AsyncBuiltin::*;
    let BuiltinKind::Async(builtin) = kind else { return false };
    match builtin {
        WaitableSetWait { .. } => true,
        Copy(CopyOp::Read(options) | CopyOp::Write(options), _) => !options.async_,
        Thread(ThreadOp::Index | ThreadOp::NewIndirect(_) | ThreadOp::ResumeLater) => false,
        Thread(_) => true,
        _ => false,
    }
}
