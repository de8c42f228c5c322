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
//! A core function may block if it may reach a *blocker*: over calls, and over calls through a table to
//! whatever of that type the table can have. That is what element segments put there, unless a module of the
//! component instance moves references: then it is all that is referred to in the instance. A call of a constant
//! place leads to what is there: what a component imports is often called so. Blockers are
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

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap, HashSet};

use cranelift_entity::SecondaryMap;
use indexmap::IndexSet;

use crate::core::EntityKind;
use crate::decode::{Calls, Signature, calls};
use crate::error::Result;
use crate::plan::{
    AsyncBuiltin, BuiltinId, BuiltinKind, CopyOp, CoreDef, CoreEntity, CoreFunc, CoreInstanceId,
    FuncDef, InstanceId, Lift, LiftId, Lower, LowerId, ModuleDef, Plan, ThreadOp, Type,
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
        plan.lifts.iter().filter(holds).map(|(_, lift)| lift.owner).collect()
    }

    /// The instances that may cancel a task that cannot be told at once: its own instance may be held.
    fn untold(&self) -> BTreeSet<InstanceId> {
        let (plan, held) = (self.calls.plan, self.held());
        let is_untold = |lower: &&Lower| match lower.target {
            FuncDef::Lift(lift) => held.contains(&plan.lifts[lift].owner),
            FuncDef::Import(_) => lower.options.async_,
        };
        plan.lowers.values().filter(is_untold).map(|lower| lower.owner).collect()
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

/// What of one type a table can have.
type TableType = (Tables, usize);

/// Which tables something is said of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Tables {
    /// One.
    One(CoreEntity),
    /// All of a component instance: a module there moves references.
    All(InstanceId),
}

/// What is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Node {
    Func(CoreFunc),
    /// Whatever of the type is in the table.
    Table(TableType),
    /// The same, of which it is not known where.
    Anywhere(TableType),
    /// What is at this place of the table.
    Slot(CoreEntity, u32),
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
        let moves = |id: &CoreInstanceId| {
            let calls = graph.modules.get(&plan.core_instances[*id].module);
            calls.is_some_and(|calls| calls.moves_references)
        };
        let moved = plan.core_instances.keys().filter(moves);
        let moved: BTreeSet<_> = moved.map(|id| plan.core_instances[id].owner).collect();
        let mut types: IndexSet<Signature> = IndexSet::new();
        let mut edges = Vec::new();
        for (id, instance) in &plan.core_instances {
            let Some(calls) = graph.modules.get(&instance.module) else { continue };
            let mut table = |index: u32, ty: &Signature| {
                let tables = match moved.contains(&instance.owner) {
                    true => Tables::All(instance.owner),
                    false => Tables::One(graph.table(id, index)),
                };
                (tables, types.insert_full(ty.clone()).0)
            };
            for (index, body) in (calls.imported..).zip(&calls.bodies) {
                let caller = Node::Func(graph.func(id, index));
                for &callee in &body.calls {
                    edges.push((Node::Func(graph.func(id, callee)), caller));
                }
                for (at, place, ty) in &body.indirect {
                    let called = table(*at, ty);
                    match (called.0, place) {
                        (Tables::One(table), Some(place)) => {
                            edges.push((Node::Slot(table, *place), caller));
                            edges.push((Node::Anywhere(called), caller));
                        }
                        _ => edges.push((Node::Table(called), caller)),
                    }
                }
            }
            // Where something is referred to, references are moved, and it may be in any table.
            let referenced = calls.referenced.iter().map(|&func| (0, None, func));
            for (at, place, index) in calls.elements.iter().copied().chain(referenced) {
                let Some(Some(ty)) = calls.types.get(index as usize) else { continue };
                let func = Node::Func(graph.func(id, index));
                let in_table = table(at, ty);
                edges.push((func, Node::Table(in_table)));
                edges.push((
                    func,
                    match (in_table.0, place) {
                        (Tables::One(table), Some(place)) => Node::Slot(table, place),
                        _ => Node::Anywhere(in_table),
                    },
                ));
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

    /// A table of a core instance: what it imports, where that is defined.
    fn table(&self, instance: CoreInstanceId, index: u32) -> CoreEntity {
        let mut table = CoreEntity { instance, kind: EntityKind::Table, index };
        loop {
            let imports = self.plan.core_instances[table.instance].imports.iter();
            let mut tables = imports.filter_map(|import| match import {
                CoreDef::Entity(entity) if entity.kind == EntityKind::Table => Some(*entity),
                _ => None,
            });
            match tables.nth(table.index as usize) {
                Some(imported) => table = imported,
                None => return table,
            }
        }
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
