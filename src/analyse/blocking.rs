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
//! A core function may block if it may reach a *blocker*: over calls, and over calls through tables to
//! whatever of that type a table of the same component instance can have. Blockers are
//!
//! | blocker | unless |
//! |---|---|
//! | `waitable-set.wait`, `thread.yield`, other built-ins of threads | |
//! | `stream.read` and `.write`, `future.read` and `.write` without `async` | |
//! | `subtask.cancel` without `async` | |
//! | a call without `async` of an `async` function of another instance | it returns at once |
//!
//! A function returns at once if it neither may block nor wait (it has no callback, or returns nothing
//! but 0, to exit), and nothing keeps it from entering its instance: there is no backpressure, and
//! nobody who has the instance to himself may block.
//!
//! What a synchronous function blocks is another matter: the specification lets it go on only by what
//! its own instance has ready, and traps otherwise. So a call of one is no blocker.
//!
//! # Limits
//!
//! It is about what may be, by the shape of the code. What never comes true counts, too.

use std::collections::{BTreeSet, HashMap, HashSet};

use cranelift_entity::SecondaryMap;
use indexmap::IndexSet;

use crate::core::EntityKind;
use crate::decode::{Calls, Signature, calls};
use crate::error::Result;
use crate::plan::{
    AsyncBuiltin, BuiltinId, BuiltinKind, CopyOp, CoreDef, CoreEntity, CoreFunc, CoreInstanceId,
    FuncDef, InstanceId, Lift, LiftId, LowerId, ModuleDef, Plan, ThreadOp, Type,
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
    calls: Graph<'p, 'a>,
    funcs: HashMap<CoreFunc, Blocker>,
    tables: HashSet<TableType>,
    /// The lifted functions that do not return at once, for all that is known.
    late: HashSet<LiftId>,
}

impl Blocking<'_, '_> {
    /// What a core function may block on, if it may.
    pub fn of(&self, func: CoreFunc) -> Option<Blocker> {
        self.funcs.get(&self.calls.definition(func)).copied()
    }

    /// What a lifted function may block on, at first or called back.
    pub fn of_lift(&self, lift: &Lift) -> Option<Blocker> {
        self.of(lift.callee).or_else(|| self.of(lift.options.callback?))
    }

    /// Whoever may reach a function may block on what it does.
    fn mark(&mut self, func: CoreFunc, blocker: Blocker) {
        let mut open = vec![Node::Func(func)];
        while let Some(node) = open.pop() {
            // What was found first stays.
            let known = match node {
                Node::Func(func) => self.funcs.contains_key(&func),
                Node::Table(table) => self.tables.contains(&table),
            };
            if known {
                continue;
            }
            match node {
                Node::Func(func) => drop(self.funcs.insert(func, blocker)),
                Node::Table(table) => drop(self.tables.insert(table)),
            }
            open.extend(self.calls.callers.get(&node).into_iter().flatten());
        }
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
        for (id, lift) in &plan.lifts {
            if is_async(plan, id) && needs_exclusive(lift) && self.of_lift(lift).is_some() {
                hindered.insert(lift.owner);
            }
        }
        hindered
    }
}

/// Finds out for every function of every guest.
pub(super) fn blocking<'p, 'a>(plan: &'p Plan<'a>) -> Result<Blocking<'p, 'a>> {
    let calls = Graph::new(plan)?;
    let (funcs, tables, late) = (HashMap::new(), HashSet::new(), HashSet::new());
    let mut blocking = Blocking { calls, funcs, tables, late };
    for (id, builtin) in &plan.builtins {
        if blocks(builtin.kind) {
            blocking.mark(CoreFunc::Builtin(id), Blocker::Builtin(id));
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
            let func = CoreFunc::Lower(id);
            let blocks =
                !lower.options.async_ && is_async(plan, lift) && blocking.late.contains(&lift);
            if blocks && !blocking.funcs.contains_key(&func) {
                changed = true;
                blocking.mark(func, Blocker::Call(id));
            }
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
        WaitableSetWait { .. } | SubtaskCancel { async_: false } => true,
        Copy(CopyOp::Read(options) | CopyOp::Write(options), _) => !options.async_,
        Thread(ThreadOp::Index | ThreadOp::NewIndirect(_) | ThreadOp::ResumeLater) => false,
        Thread(_) => true,
        _ => false,
    }
}

/// What of one type the tables of a component instance can have.
type TableType = (InstanceId, usize);

/// What is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Node {
    Func(CoreFunc),
    Table(TableType),
}

/// The calls of all guests. A call through a table leads to a node of its own, and from there to all that
/// the table can have: so there are no more edges than calls and functions.
#[derive(Debug)]
struct Graph<'p, 'a> {
    plan: &'p Plan<'a>,
    modules: HashMap<ModuleDef, Calls>,
    /// The functions that each core instance imports.
    imports: SecondaryMap<CoreInstanceId, Vec<CoreFunc>>,
    callers: HashMap<Node, Vec<Node>>,
}

impl<'p, 'a> Graph<'p, 'a> {
    fn new(plan: &'p Plan<'a>) -> Result<Self> {
        let mut modules = HashMap::new();
        for instance in plan.core_instances.values() {
            if let ModuleDef::Defined(id) = instance.module {
                let calls = calls(plan.decoded.modules[id].bytes)?;
                modules.insert(instance.module, calls);
            }
        }
        let mut imports: SecondaryMap<_, Vec<_>> = SecondaryMap::new();
        for (id, instance) in &plan.core_instances {
            imports[id].extend(instance.imports.iter().filter_map(|import| match import {
                CoreDef::Func(func) => Some(*func),
                CoreDef::Entity(_) => None,
            }));
        }
        let mut graph = Graph { plan, modules, imports, callers: HashMap::new() };
        let mut types: IndexSet<Signature> = IndexSet::new();
        let mut edges = Vec::new();
        for (id, instance) in &plan.core_instances {
            let Some(calls) = graph.modules.get(&instance.module) else { continue };
            let mut table =
                |ty: &Signature| Node::Table((instance.owner, types.insert_full(ty.clone()).0));
            for (index, body) in (calls.imported..).zip(&calls.bodies) {
                let caller = Node::Func(graph.func(id, index));
                for &callee in &body.calls {
                    edges.push((Node::Func(graph.func(id, callee)), caller));
                }
                edges.extend(body.indirect.iter().map(|ty| (table(ty), caller)));
            }
            for &index in &calls.referenced {
                if let Some(Some(ty)) = calls.types.get(index as usize) {
                    edges.push((Node::Func(graph.func(id, index)), table(ty)));
                }
            }
        }
        for (callee, caller) in edges {
            graph.callers.entry(callee).or_default().push(caller);
        }
        Ok(graph)
    }

    /// A function of a core instance: what it imports, where it imports it.
    fn func(&self, instance: CoreInstanceId, index: u32) -> CoreFunc {
        self.definition(CoreFunc::Defined(CoreEntity { instance, kind: EntityKind::Func, index }))
    }

    /// Where a function is defined: it may be one that a core instance imports and exports.
    fn definition(&self, mut func: CoreFunc) -> CoreFunc {
        while let CoreFunc::Defined(entity) = func {
            match self.imports[entity.instance].get(entity.index as usize) {
                Some(imported) => func = *imported,
                None => break,
            }
        }
        func
    }

    /// Whether all that a function returns is the constant 0.
    fn returns_zero(&self, func: CoreFunc) -> bool {
        let CoreFunc::Defined(entity) = self.definition(func) else { return false };
        let instance = &self.plan.core_instances[entity.instance];
        let Some(calls) = self.modules.get(&instance.module) else { return false };
        let body = entity.index.checked_sub(calls.imported);
        let body = body.and_then(|index| calls.bodies.get(index as usize));
        body.is_some_and(|body| body.returns_zero)
    }
}
