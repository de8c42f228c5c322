//! Which functions have nothing to do with tasks.
//!
//! # Problem
//!
//! Where the module keeps tasks, the host calls an `async` function as a task of the engine, with a callback of
//! ours (`shim/calls/outer.rs`): what it starts, and what it makes ready, has its turn then. A function that starts
//! and asks nothing pays for that in vain.
//!
//! # What is proved
//!
//! A function is *taskless* if it is not lifted with `async`, and neither it nor its `realloc` or post-return may
//! reach, by whatever calls there may be ([`graph`](super::graph)),
//!
//! * a built-in of tasks or what they wait for, slots of context among them;
//! * a call of an `async` function;
//! * a call of a function of another instance that may, or for which a `realloc` or post-return runs that may: they
//!   cannot leave their instance, but its backpressure and slots are theirs to change;
//! * a destructor that may. To move a handle runs none, only to drop one does.
//!
//! Such a function makes no task and makes none ready; nor can it tell which one runs. So the engine calls it as it
//! is. Until it returns nothing else runs, and what keeps it out before is what would keep out a task of ours: one
//! that has its instance to itself and blocks has the engine's lock, and backpressure is the engine's, too
//! ([`inside`](super::inside)).
//!
//! # Limits
//!
//! What others have left ready has a turn when a task of ours runs, and has none when such a function does. So nobody
//! may leave anything: a start function that makes a task would, and so might a function that is not `async`, or a
//! destructor, that has to do with tasks and that the host calls.

use wasm_fuser_merge::hash::HashSet;

use super::concurrent::is_async;
use super::graph::{Graph, Node};
use crate::plan::{BuiltinKind, CoreFunc, FuncDef, Lift, Plan, Resource, exported_lifts};

/// Who may have to do with tasks.
pub(super) struct Users<'g, 'p, 'a> {
    calls: &'g Graph<'p, 'a>,
    nodes: HashSet<Node>,
}

impl<'g, 'p, 'a> Users<'g, 'p, 'a> {
    /// All that may have anything to do with them.
    pub fn of_tasks(calls: &'g Graph<'p, 'a>) -> Self {
        let plan = calls.plan;
        let is_of_tasks = |kind| matches!(kind, BuiltinKind::Async(_));
        let builtins = plan.builtins.iter().filter(|(_, builtin)| is_of_tasks(builtin.kind));
        let builtins = builtins.map(|(id, _)| CoreFunc::Builtin(id));
        Users::reaching(calls, builtins.chain(makers(plan)))
    }

    /// All that may reach one of these functions.
    fn reaching(calls: &'g Graph<'p, 'a>, funcs: impl Iterator<Item = CoreFunc>) -> Self {
        let mut users = Users { calls, nodes: HashSet::new() };
        for func in funcs {
            users.mark(func);
        }
        while users.mark_callers() {}
        users
    }

    /// Whether a lifted function is taskless.
    pub fn spares(&self, lift: &Lift) -> bool {
        !lift.options.async_ && !run_for(lift).any(|func| self.contains(func))
    }

    /// Whether something may be ready that no task of ours has made so.
    pub fn leave_some(&self) -> bool {
        let plan = self.calls.plan;
        let makers = Users::reaching(self.calls, makers(plan));
        let mut starts = plan.core_instances.keys().filter_map(|id| self.calls.start(id));
        let mut exports =
            plan.root_exports.iter().flat_map(|(_, item)| exported_lifts(plan, *item));
        let mut resources = plan.resources.values();
        starts.any(|func| makers.contains(func))
            || exports.any(|(id, ty)| !is_async(plan, ty) && !self.spares(&plan.lifts[id]))
            || resources.any(|it| matches!(it, Resource::Defined { dtor: Some(dtor), .. } if self.contains(*dtor)))
    }

    fn contains(&self, func: CoreFunc) -> bool {
        self.nodes.contains(&Node::Func(self.calls.definition(func)))
    }

    /// One more round of calls from one instance to another; whether anything is new.
    fn mark_callers(&mut self) -> bool {
        let plan = self.calls.plan;
        let lowers = plan.lowers.iter().flat_map(|(id, lower)| {
            let lift = match lower.target {
                FuncDef::Lift(lift) => Some(&plan.lifts[lift]),
                FuncDef::Import(_) => None,
            };
            let funcs = lift.into_iter().flat_map(run_for).chain(lower.options.realloc);
            funcs.map(move |func| (CoreFunc::Lower(id), func))
        });
        let drops = plan.builtins.iter().filter_map(|(id, builtin)| match builtin.kind {
            BuiltinKind::ResourceDrop(resource) => match plan.resources[resource] {
                Resource::Defined { dtor: Some(dtor), .. } => Some((CoreFunc::Builtin(id), dtor)),
                _ => None,
            },
            _ => None,
        });
        let is_new = |(caller, callee): &(CoreFunc, CoreFunc)| {
            self.contains(*callee) && !self.contains(*caller)
        };
        let new: Vec<_> = lowers.chain(drops).filter(is_new).collect();
        for (caller, _) in &new {
            self.mark(*caller);
        }
        !new.is_empty()
    }

    fn mark(&mut self, func: CoreFunc) {
        let mut open = vec![Node::Func(func)];
        while let Some(node) = open.pop() {
            if self.nodes.insert(node) {
                open.extend(self.calls.callers.get(&node).into_iter().flatten());
            }
        }
    }
}

/// What runs of the callee's instance when a lifted function is called.
fn run_for(lift: &Lift) -> impl Iterator<Item = CoreFunc> {
    let options = &lift.options;
    [Some(lift.callee), options.realloc, options.post_return].into_iter().flatten()
}

/// Calls of `async` functions.
fn makers(plan: &Plan<'_>) -> impl Iterator<Item = CoreFunc> {
    let lowers = plan.lowers.iter().filter(|(_, lower)| is_async(plan, lower.ty));
    lowers.map(|(id, _)| CoreFunc::Lower(id))
}
