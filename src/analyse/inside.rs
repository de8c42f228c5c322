//! Tasks that are kept in the module: whether they can be, and what there is for them.
//!
//! # Problem
//!
//! Where two instances wait for one another, the engine's tasks will not do: it takes the result for one
//! instance ([`tasks`](super::tasks)). So the module keeps all tasks itself, as the specification has
//! them: tasks, subtasks, sets of waitables, backpressure, the lock of each instance (`src/runtime`).
//! To the engine, an `async` export is one task of its own, in which all of that happens.
//!
//! # What is proved
//!
//! A module has one stack for each call of the host. A task that has returned to wait, or that has not
//! begun, needs none; one that blocks with frames on the stack is in the way of all that is below it. So
//!
//! 1. whatever is called with `async` does not block on its stack ([`blocking`](super::blocking)), at
//!    first or called back, and neither does whatever can go on after it has returned;
//! 2. so what blocks on a stack is at its bottom: a function that the host has called, or the last of a
//!    chain of calls without `async` of functions that return their results at the end;
//! 3. so all that runs on top of what blocks comes back, and what blocks is on top when it can go on. To
//!    run what is ready, and look again, is one of the orders that the specification allows.
//!
//! The engine has one lock for what is to it one instance. A call of the host that blocks holds it, and
//! keeps out all others: where an export may block on its stack, all `async` exports are of one
//! instance, for then that is what its own lock would do. An instance with backpressure tells the engine
//! of it, and has all of them, too.
//!
//! A synchronous function may not block, except that what is ready of its own instance may run. What it
//! leaves behind goes on when the host calls the next time.
//!
//! # Limits
//!
//! What is not proved, or not there yet, is [`Outside`]. Ends of streams and futures that go to the host or
//! come from it are a subject of their own ([`hosts`](super::hosts)).

use std::collections::{BTreeMap, BTreeSet};

use wasm_fuser_merge::order;

use super::blocking::{self, Blocking};
use super::bridge::{Bridged, Through};
use super::concurrent::{concurrent, is_async};
use super::copies::{self, Copies, Part, Way};
use super::externals::{External, Externals};
use super::hosts::{HostEnd, Hosts, Unfit};
use super::lends::{self, Frame};
use super::outside::Outside;
use super::taskless::Users;
use super::{HandlePolicy, Stack, State};
use crate::abi::Abi;
use crate::core::ExternalId;
use crate::error::Result;
use crate::plan::{
    AsyncBuiltin, BuiltinId, BuiltinKind, CanonicalOptions, CopyOp, CoreEntity, FuncDef,
    InstanceId, LiftId, LowerId, ModuleDef, Plan, ResourceId, StringEncoding, ThreadOp, TypeId,
    exported_lifts, holders,
};
use crate::runtime::{RECORD, TokenOp};
use cranelift_entity::SecondaryMap;
use wasm_fuser_merge::hash::HashSet;

/// Instances that have records of their own, at most: they lie in the first page.
const MAX_RECORDS: usize = 500;

/// Ways to return, and memories, at most: both are in one number.
const MAX_NUMBERS: usize = 0x7000;

/// What there is for tasks that are kept in the module.
#[derive(Debug, Default)]
pub struct Inside {
    /// The instances with records of their own: those that have tasks, or something to do with them.
    records: HashSet<InstanceId>,
    /// How `async` functions return by `task.return`.
    signatures: HashSet<Signature>,
    /// The memories that they are lifted with.
    memories: HashSet<CoreEntity>,
    /// What is called through the table of functions.
    functions: HashSet<TaskFunc>,
    /// What copies the values of streams and futures.
    pub copies: Copies,
    /// The streams and futures one end of which is the host's.
    pub hosts: Hosts,
    /// The `async` functions that the host calls, and how each returns to it: all but those that have nothing to
    /// do with tasks (`taskless`).
    pub roots: BTreeMap<LiftId, Root>,
    /// The functions that the host calls, which are not `async`, of instances with records.
    pub entries: BTreeSet<LiftId>,
    /// What tokens are made of; nothing, if the engine makes no task.
    pub tokens: BTreeMap<TokenOp, ExternalId>,
    /// The built-ins on the engine's slot of context, which tells a task of the engine what it is.
    pub slot: Option<(ExternalId, ExternalId)>,
    /// The instances that tell the engine of their backpressure.
    pub mirrored: BTreeSet<InstanceId>,
    /// The engine's built-ins for that: `backpressure.inc` and `.dec`.
    pub backpressure: Option<(ExternalId, ExternalId)>,
    /// The engine's `task.cancel`.
    pub cancel: Option<ExternalId>,
    /// The instances with borrows of tasks.
    pub borrowers: BTreeSet<InstanceId>,
    /// The functions whose tasks may block on their stacks, which are those of tasks of the engine.
    at_home: BTreeMap<LiftId, Stack>,
}

/// How a function returns: what `task.return` has to agree with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Signature {
    owner: InstanceId,
    result: Option<TypeId>,
    encoding: StringEncoding,
}

/// A function that is called through a table, because whoever calls it exists before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TaskFunc {
    /// A task that has waited to enter begins.
    Start(LowerId),
    /// A task returns to the caller.
    Return(LowerId),
    /// A task returns to the host.
    ReturnToHost(LiftId),
    /// A task is called back.
    Resume(LiftId),
    /// Values are copied.
    Copy(Way),
    /// The engine cancels a copy at an end.
    Cancel(HostEnd),
    /// The engine drops an end.
    Drop(HostEnd),
}

/// A function that the host calls with a task of the engine.
#[derive(Clone, Copy, Debug)]
pub struct Root {
    /// The engine's `task.return`.
    pub task_return: ExternalId,
    /// Whether it passes handles that are exchanged.
    pub exchanges: bool,
}

impl Inside {
    /// The address of an instance's record.
    pub fn record(&self, instance: InstanceId) -> Option<i32> {
        self.records.get_index_of(&instance).map(|index| (index as i32 + 1) * RECORD)
    }

    /// Where the other records begin.
    pub fn first_record(&self) -> u32 {
        (self.records.len() as u32 + 1) * RECORD as u32
    }

    /// How a lifted function returns, as a number; 0, if it does not by `task.return`.
    pub fn signature(&self, plan: &Plan<'_>, lift: LiftId) -> Result<i32> {
        let lift = &plan.lifts[lift];
        match lift.options.async_ {
            true => {
                let result = plan.types.func(lift.ty)?.result;
                Ok(self.returned(plan, lift.owner, result, &lift.options).0)
            }
            false => Ok(0),
        }
    }

    /// How a `task.return` returns, as a number that has to be that of the task, and the bits of it that
    /// count: its memory does not, if it names none. No task has the number of what no function returns.
    pub fn returned(
        &self,
        plan: &Plan<'_>,
        owner: InstanceId,
        result: Option<TypeId>,
        options: &CanonicalOptions,
    ) -> (i32, i32) {
        let signature = Signature::new(plan, owner, result, options);
        let index =
            self.signatures.get_index_of(&signature).map_or(0x7fff, |index| index as i32 + 1);
        let memory = options.memory.and_then(|memory| self.memories.get_index_of(&memory));
        match memory {
            Some(memory) => (index << 16 | (memory as i32 + 1), -1),
            None if options.memory.is_some() => (0x7fff << 16, -1),
            None => (index << 16, !0xffff),
        }
    }

    /// The place of a function in the table; 0 is nobody's.
    pub fn place(&self, func: TaskFunc) -> i32 {
        self.functions.get_index_of(&func).map_or(0, |index| index as i32 + 1)
    }

    /// What a built-in that reads or writes says of the place of the function that copies.
    pub fn copy_part(&self, builtin: BuiltinId) -> i32 {
        self.part(self.copies.part(builtin))
    }

    /// The same, of the host at the other end.
    pub fn host_part(&self, end: HostEnd) -> i32 {
        self.part(self.copies.host_part(end))
    }

    fn part(&self, part: Option<Part>) -> i32 {
        match part {
            None => 0,
            Some(Part::Row(way)) => self.place(TaskFunc::Copy(way)),
            Some(Part::Column(column)) => column,
        }
    }

    /// How long the table is.
    pub fn places(&self) -> u32 {
        self.functions.len() as u32 + 1
    }

    /// Whether the tasks of a lifted function may block on their stacks.
    pub fn stack(&self, lift: LiftId) -> Stack {
        self.at_home.get(&lift).copied().unwrap_or_default()
    }

    /// Whether the host makes calls with tasks of the engine.
    pub fn has_engine(&self) -> bool {
        !self.roots.is_empty()
    }

    /// The globals that there are.
    pub fn state(&self) -> [State; 4] {
        [State::Records(self.first_record()), State::Current, State::Slot(0), State::Slot(1)]
    }
}

impl Signature {
    fn new(
        plan: &Plan<'_>,
        owner: InstanceId,
        result: Option<TypeId>,
        options: &CanonicalOptions,
    ) -> Self {
        Signature {
            owner,
            result: result.map(|ty| plan.types.canonical(ty)),
            encoding: options.encoding,
        }
    }
}

/// Whether all tasks can be kept in the module, and what there is for them then.
pub(super) fn inside(
    plan: &Plan<'_>,
    abi: &Abi,
    policies: &SecondaryMap<ResourceId, HandlePolicy>,
    bridged: &Bridged,
) -> Result<std::result::Result<Inside, Outside>> {
    if plan.core_instances.values().any(|it| matches!(it.module, ModuleDef::Imported(_))) {
        return Ok(Err(Outside::Code));
    }
    let mut inside = Inside::default();
    for (instance, builtins) in concurrent(plan) {
        inside.records.insert(instance);
        if let Some(outside) = builtins.into_iter().find_map(|id| kept(plan, id)) {
            return Ok(Err(outside));
        }
    }
    let blocking = blocking::blocking(plan)?;
    if let Some(outside) = inside.crossings(plan, &blocking)? {
        return Ok(Err(outside));
    }
    if let Some(outside) = inside.exports(plan, abi, policies, bridged, &blocking)? {
        return Ok(Err(outside));
    }
    let Some(copies) = copies::copies(plan, abi, &inside.hosts) else {
        return Ok(Err(Outside::TooManyCopies));
    };
    inside.functions.extend(copies.ways.iter().map(|way| TaskFunc::Copy(*way)));
    // The runtime knows the first of both places.
    let ends = inside.hosts.ends();
    inside.functions.extend(ends.flat_map(|end| [TaskFunc::Cancel(end), TaskFunc::Drop(end)]));
    inside.copies = copies;
    let held = holders(plan);
    let passes = |resource: &ResourceId| policies[*resource] == HandlePolicy::Passthrough;
    let mut resources = plan.resources.keys().filter(passes);
    if resources.any(|it| held[it].iter().any(|of| inside.records.contains(of))) {
        return Ok(Err(Outside::Handles));
    }
    let numbers = inside.signatures.len().max(inside.memories.len());
    if inside.records.len() > MAX_RECORDS || numbers > MAX_NUMBERS {
        return Ok(Err(Outside::TooMany));
    }
    Ok(Ok(inside))
}

/// Why a built-in cannot be the module's.
fn kept(plan: &Plan<'_>, id: BuiltinId) -> Option<Outside> {
    use AsyncBuiltin::*;
    match plan.builtins[id].kind {
        BuiltinKind::Async(
            Copy(CopyOp::Forward, _)
            | Thread(
                ThreadOp::Index
                | ThreadOp::NewIndirect(_)
                | ThreadOp::ResumeLater
                | ThreadOp::Suspend
                | ThreadOp::SuspendThenResume
                | ThreadOp::YieldThenResume
                | ThreadOp::SuspendThenPromote
                | ThreadOp::YieldThenPromote
                | ThreadOp::SpawnRef
                | ThreadOp::SpawnIndirect
                | ThreadOp::AvailableParallelism,
            ),
        ) => Some(Outside::Builtin(id)),
        _ => None,
    }
}

impl Inside {
    /// What calls between guests need.
    fn crossings(
        &mut self,
        plan: &Plan<'_>,
        blocking: &Blocking<'_, '_>,
    ) -> Result<Option<Outside>> {
        for (id, lower) in &plan.lowers {
            let lift = match lower.target {
                FuncDef::Lift(lift) => lift,
                FuncDef::Import(_) => {
                    let passes = plan.types.asynchronous_part(lower.ty).is_some();
                    match is_async(plan, lower.ty) || passes {
                        true => return Ok(Some(Outside::Import(id))),
                        false => continue,
                    }
                }
            };
            if plan.is_reentrant(id, lift) {
                continue;
            }
            let callee = &plan.lifts[lift];
            if !is_async(plan, callee.ty) {
                continue;
            }
            if lends::frame(plan, callee.ty, callee.owner)? == Frame::Borrows {
                self.borrowers.insert(callee.owner);
            }
            let returns_at_end = !callee.options.async_;
            if let Some(blocker) = blocking.of_lift(callee)
                && (lower.options.async_ || !returns_at_end)
            {
                return Ok(Some(Outside::Stack { lower: id, lift, blocker }));
            }
            let stack = match (blocking.of_lift(callee), blocking.softly(callee)) {
                (Some(blocker), _) => Stack::Waits(blocker),
                (None, Some(blocker)) => Stack::Cancels(blocker),
                (None, None) => Stack::Returns,
            };
            self.at_home.insert(lift, stack);
            self.functions.insert(TaskFunc::Start(id));
            if callee.options.async_ {
                self.functions.insert(TaskFunc::Return(id));
                self.called(plan, lift)?;
            }
        }
        Ok(None)
    }

    /// What a function with the option `async` needs.
    fn called(&mut self, plan: &Plan<'_>, id: LiftId) -> Result<()> {
        let lift = &plan.lifts[id];
        let result = plan.types.func(lift.ty)?.result;
        self.signatures.insert(Signature::new(plan, lift.owner, result, &lift.options));
        self.memories.extend(lift.options.memory);
        if lift.options.callback.is_some() {
            self.functions.insert(TaskFunc::Resume(id));
        }
        Ok(())
    }

    /// What calls of the host need.
    fn exports(
        &mut self,
        plan: &Plan<'_>,
        abi: &Abi,
        policies: &SecondaryMap<ResourceId, HandlePolicy>,
        bridged: &Bridged,
        blocking: &Blocking<'_, '_>,
    ) -> Result<Option<Outside>> {
        let users = Users::of_tasks(&blocking.calls);
        let mut spared = BTreeSet::new();
        for (name, item) in &plan.root_exports {
            for (id, ty) in exported_lifts(plan, *item) {
                let lift = &plan.lifts[id];
                let name = name.name.clone();
                if let Some(part) = plan.types.asynchronous_part(ty) {
                    let unfit = match is_async(plan, ty) {
                        true => self.hosts.add(plan, abi, bridged, lift.ty)?,
                        false => Some(Unfit::Synchronous),
                    };
                    if let Some(unfit) = unfit {
                        return Ok(Some(Outside::Export { name, part, unfit }));
                    }
                }
                if !is_async(plan, ty) {
                    if self.records.contains(&lift.owner) {
                        self.entries.insert(id);
                    }
                    continue;
                }
                let through = bridged.task(plan, abi, lift.ty)?;
                // What the host has lent would have to be kept until the task returns.
                let is_lent = !lends::lent_by_host(plan, policies, lift.ty)?.is_empty();
                if through == Some(Through::Bridge) || through.is_some() && is_lent {
                    return Ok(Some(Outside::Bridged(name)));
                }
                let borrows = lends::frame(plan, lift.ty, lift.owner)? == Frame::Borrows;
                if borrows {
                    self.borrowers.insert(lift.owner);
                }
                let is_passed = plan.types.asynchronous_part(ty).is_none() && through.is_none();
                if is_passed && !borrows && users.spares(lift) {
                    spared.insert(id);
                }
                if lift.options.async_ && lift.options.callback.is_none() {
                    return Ok(Some(Outside::Stackful(name)));
                }
                if lift.options.async_ {
                    self.functions.insert(TaskFunc::ReturnToHost(id));
                    self.called(plan, id)?;
                }
                // What they return by is known when the externals are.
                let task_return = ExternalId::from_u32(0);
                self.roots.insert(id, Root { task_return, exchanges: through.is_some() });
            }
        }
        let owners = order::set(self.roots.keys().map(|id| plan.lifts[*id].owner));
        let blocks = self.roots.keys().find_map(|id| {
            let blocker = blocking.of_lift(&plan.lifts[*id])?;
            Some((*id, blocker))
        });
        if let (Some((lift, blocker)), true) = (blocks, owners.len() > 1) {
            return Ok(Some(Outside::Exports { lift, blocker }));
        }
        for (id, builtin) in &plan.builtins {
            if let BuiltinKind::Async(AsyncBuiltin::BackpressureInc) = builtin.kind
                && owners.contains(&builtin.owner)
            {
                if owners.len() > 1 {
                    return Ok(Some(Outside::Backpressure(id)));
                }
                self.mirrored.insert(builtin.owner);
            }
        }
        // Where the engine has no task of ours, it is not told of backpressure.
        if spared.len() < self.roots.len() && !users.leave_some() {
            self.roots.retain(|id, _| !spared.contains(id));
        }
        Ok(None)
    }

    /// What the engine provides.
    pub(super) fn externals(&mut self, plan: &Plan<'_>, externals: &mut Externals) -> Result<()> {
        if !self.has_engine() {
            return Ok(());
        }
        self.hosts.externals(plan, &self.copies.ways, externals)?;
        let mut id = |kind| externals.id(External::Builtin(BuiltinKind::Async(kind)));
        for (lift, root) in &mut self.roots {
            let lift = &plan.lifts[*lift];
            let options = CanonicalOptions {
                encoding: lift.options.encoding,
                memory: lift.options.memory,
                ..CanonicalOptions::default()
            };
            let result = plan.types.func(lift.ty)?.result;
            root.task_return = id(AsyncBuiltin::TaskReturn { result, options });
        }
        self.slot = Some((
            id(AsyncBuiltin::ContextGet(super::ENGINE_SLOT)),
            id(AsyncBuiltin::ContextSet(super::ENGINE_SLOT)),
        ));
        self.cancel = Some(id(AsyncBuiltin::TaskCancel));
        if !self.mirrored.is_empty() {
            let (inc, dec) = (AsyncBuiltin::BackpressureInc, AsyncBuiltin::BackpressureDec);
            self.backpressure = Some((id(inc), id(dec)));
        }
        // Who is told of nothing does not ask.
        let any = self.hosts.any();
        let is_asked = |op: &TokenOp| any || *op != TokenOp::WaitableSetPoll;
        for op in TokenOp::ALL.into_iter().filter(is_asked) {
            self.tokens.insert(op, externals.id(External::Token(op)));
        }
        Ok(())
    }
}
