//! Calls into the instance whose tasks are the engine's.
//!
//! # Problem
//!
//! In the specification each call makes a task, of the instance that is called. In the result a call from one
//! guest to another is a part of the task that the caller is in already. Where the callee's instance has
//! tasks of the engine ([`tasks`](super::tasks)), somebody could tell: that instance may ask the engine about the
//! task, and its thread, and have these do something.
//!
//! ```text
//! host -> run (driver) -> f (concurrent)      composed: two tasks, of two instances
//!                                             fused: one task, of the one instance that there is
//! ```
//!
//! # What is proved
//!
//! The function is not `async`, and no function that it may reach makes a thread. Then nobody can tell:
//!
//! 1. The caller's task is synchronous, too. Only the concurrent instance has tasks that are not, and none
//!    of those leads back to it: what comes back to where it was is a call between an instance and one that
//!    it contains, which traps.
//! 2. So the rule is the same for both: a task may not block, but to have threads of its own instance go
//!    on. The caller's instance has no threads of its own besides this one, so those are the same threads.
//! 3. Neither waits to enter, or keeps others from entering: a synchronous function does not ask whether
//!    its instance is closed.
//! 4. While the callee runs the caller waits, and before and after it nothing of the callee's instance
//!    runs. So the callee has the caller's thread to itself, which looks like one of its own: whoever
//!    enters an instance clears the slots of context that it uses. It has another number than its own
//!    would have, at most.
//! 5. A thread that it made would belong to its task, and would see when that task ends. It makes none.
//!
//! All this is true of a destructor, too, which `resource.drop` calls.
//!
//! # Limits
//!
//! What code may reach is told by its shape ([`graph`](super::graph)), and not at all where a core module is
//! imported.

use wasm_fuser_merge::hash::HashSet;

use super::concurrent::is_async;
use super::conflict::Entrance;
use super::graph::{Graph, Node};
use crate::error::Result;
use crate::plan::{
    AsyncBuiltin, BuiltinKind, CoreFunc, InstanceId, ModuleDef, Plan, Resource, ThreadOp,
};

/// How another instance enters the concurrent one so that it can be told, if one does.
pub(super) fn entrance(plan: &Plan<'_>, concurrent: InstanceId) -> Result<Option<Entrance>> {
    let entrances = entrances(plan, concurrent);
    if entrances.is_empty() {
        return Ok(None);
    }
    let makers = makers(plan)?;
    let is_told = |entered: &&Entered| {
        let makes = |makers: &Makers<'_, '_>| makers.may_reach(entered.func);
        entered.is_async || makers.as_ref().is_none_or(makes)
    };
    Ok(entrances.iter().find(is_told).map(|entered| entered.by))
}

/// An entrance into an instance.
struct Entered {
    by: Entrance,
    /// What is called.
    func: CoreFunc,
    is_async: bool,
}

/// All of another instance's.
fn entrances(plan: &Plan<'_>, concurrent: InstanceId) -> Vec<Entered> {
    let mut entrances = Vec::new();
    for (lower, id) in plan.crossings() {
        let lift = &plan.lifts[id];
        if lift.owner == concurrent && !plan.is_reentrant(lower, id) {
            let asynchronous = is_async(plan, lift.ty) || plan.lowers[lower].options.async_;
            let by = Entrance::Call(lower);
            entrances.push(Entered { by, func: lift.callee, is_async: asynchronous });
        }
    }
    for (id, builtin) in plan.builtins.iter().filter(|(_, it)| it.owner != concurrent) {
        if let BuiltinKind::ResourceDrop(resource) = builtin.kind
            && let Resource::Defined { owner, dtor: Some(func) } = plan.resources[resource]
            && owner == concurrent
        {
            entrances.push(Entered { by: Entrance::Drop(id), func, is_async: false });
        }
    }
    entrances
}

/// Who may make a thread.
struct Makers<'p, 'a> {
    calls: Graph<'p, 'a>,
    nodes: HashSet<Node>,
}

impl Makers<'_, '_> {
    fn may_reach(&self, func: CoreFunc) -> bool {
        self.nodes.contains(&Node::Func(self.calls.definition(func)))
    }
}

/// Finds those; nothing, if the code of a core module is not there.
fn makers<'p, 'a>(plan: &'p Plan<'a>) -> Result<Option<Makers<'p, 'a>>> {
    if plan.core_instances.values().any(|it| matches!(it.module, ModuleDef::Imported(_))) {
        return Ok(None);
    }
    let calls = Graph::new(plan)?;
    let made = plan.builtins.iter().filter(|(_, builtin)| makes_thread(builtin.kind));
    let mut open: Vec<Node> = made.map(|(id, _)| Node::Func(CoreFunc::Builtin(id))).collect();
    let mut nodes = HashSet::new();
    while let Some(node) = open.pop() {
        if nodes.insert(node) {
            open.extend(calls.callers.get(&node).into_iter().flatten());
        }
    }
    Ok(Some(Makers { calls, nodes }))
}

fn makes_thread(kind: BuiltinKind) -> bool {
    use ThreadOp::{NewIndirect, SpawnIndirect, SpawnRef};
    matches!(
        kind,
        BuiltinKind::Async(AsyncBuiltin::Thread(NewIndirect(_) | SpawnRef | SpawnIndirect))
    )
}
