//! Which functions are generated, and in which module each is.
//!
//! # Problem
//!
//! A module of generated functions imports what exists at its *moment*: the number of core instances
//! that exist when it is instantiated. So the adapters of one caller, one callee and one moment are
//! a module. One for each pair would not do: a component lowers what needs no memory before its main
//! module is instantiated, and what does need one after.
//!
//! But a function can call another one of its moment. What is lifted, or called as a destructor,
//! need not be a guest's: built-ins and lowered functions are generated themselves, and they are of
//! the same moment if no core module is instantiated in between:
//!
//! ```text
//! (core func $drop (canon resource.drop $inner))                in `Builtins`
//! (type $outer (resource (rep i32) (dtor (core func $drop))))
//! (core func $drop-outer (canon resource.drop $outer))          calls `$drop`
//! (func $f (canon lift (core func $drop-outer)))
//! (core func $g (canon lower (func $f)))                        calls `$drop-outer`
//! ```
//!
//! # How
//!
//! A member has a *rank*: 0, or one more than the highest rank of the members of its moment that it
//! refers to. Members of one kind, moment and rank are a module, and modules are in the order of
//! ranks. Nearly always there is only rank 0.
//!
//! What clears a flag around a `realloc` or `post-return` ([`LockedFunc`]) is in a module of
//! its own. Only the boundary refers to it, so it can come last of its moment, and does if it calls
//! a member ([`Turn`]).
//!
//! # Rejected
//!
//! To order the modules of a moment by what they import: two can import from one another, or one from
//! itself.

use wasm_fuser_merge::hash::{HashMap, HashSet};

use super::{Binding, BuiltinBinding, Facts, HandlePolicy, Leave, TaskFunc, Way, guards};
use crate::abi::Side;
use crate::core::FuncType;
use crate::error::Result;
use crate::plan::{
    BuiltinId, BuiltinKind, CanonicalOptions, CoreEntity, CoreFunc, FuncDef, InstanceId, LiftId,
    LowerId, Plan, Resource, ResourceId, Type, TypeId, exists_after, exported_lifts,
};

/// A module of generated functions.
#[derive(Debug)]
pub struct Module {
    /// What it holds.
    pub kind: ModuleKind,
    /// How many core instances of the plan exist when it is instantiated.
    pub after: usize,
    /// What has a function there.
    pub members: Vec<Member>,
}

/// What a module of generated functions holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ModuleKind {
    /// Adapters of crossings.
    Crossings {
        /// The instance that calls.
        from: InstanceId,
        /// The instance that is called.
        to: InstanceId,
    },
    /// Guards between an instance and the boundary.
    Boundary(InstanceId),
    /// Built-ins on the handle table of an instance.
    Builtins(InstanceId),
    /// How tasks of an instance return, and, if the module keeps them, go on and begin for the host;
    /// and the built-ins of an instance with such tasks.
    Tasks(InstanceId),
    /// What copies the values of streams and futures that one instance writes and another reads.
    Copies {
        /// The instance that writes.
        from: InstanceId,
        /// The instance that reads.
        to: InstanceId,
    },
    /// What the engine calls back for events.
    Events,
    /// Calls between an instance and the host in which handles are exchanged.
    Exchange(InstanceId),
    /// What the engine calls as destructors. A resource type needs them before it exists, and what
    /// exchanges its handles needs the type: they cannot be in one module.
    Dtors(InstanceId),
}

/// What the engine calls in place of a guest's `realloc` or `post-return`: it clears the flag of the
/// instance meanwhile.
#[derive(Clone, Debug)]
pub struct LockedFunc {
    /// The guest's function.
    pub func: CoreFunc,
    /// The instance whose flag it is.
    pub owner: InstanceId,
    /// The type of both.
    pub ty: FuncType,
    /// As what the engine calls it.
    pub role: Role,
    /// How many core instances of the plan exist when its module is instantiated.
    pub after: usize,
    /// When among the modules of that moment.
    pub turn: Turn,
}

/// As what the engine calls a function of a guest.
#[allow(missing_docs, reason = "the names are the specification's")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Realloc,
    PostReturn,
}

impl Role {
    /// Its name in the specification.
    pub fn name(self) -> &'static str {
        match self {
            Role::Realloc => "realloc",
            Role::PostReturn => "post-return",
        }
    }
}

/// When a module is instantiated, among those of one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Turn {
    /// In the order in which modules are made.
    #[default]
    InOrder,
    /// After all others: it is made before them, and calls a function of one.
    Last,
}

/// Something that guests or the engine call, and that has a generated function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Member {
    /// A lowered function.
    Lower(LowerId),
    /// A built-in.
    Builtin(BuiltinId),
    /// An exported function at which handles are exchanged.
    Export(LiftId),
    /// An exported function that is `async`, where the module keeps tasks.
    Root(LiftId),
    /// What the engine calls back for an event, whatever exported function is called so.
    Event,
    /// Another exported function of an instance with such tasks.
    Entry(LiftId),
    /// The callback of a lifted function, likewise.
    Resume(LiftId),
    /// What copies values of a stream or future, likewise: from a built-in that writes to one that reads.
    Copy(Way),
    /// The destructor of a bridged resource.
    Dtor(ResourceId, CoreFunc),
    /// What a command does.
    Main,
}

/// Decides which modules there are, in an order in which each comes after those that it imports
/// from, and what clears flags for the engine.
pub(super) fn modules(plan: &Plan<'_>, facts: &Facts) -> Result<(Vec<Module>, Vec<LockedFunc>)> {
    let members = members(plan, facts);
    let moments = members.iter().map(|(member, _, after)| (*member, *after)).collect();
    let mut ranks = Ranks { plan, facts, moments, ranks: HashMap::new() };
    let mut groups: HashMap<(ModuleKind, usize, u32), Vec<Member>> = HashMap::new();
    for (member, kind, after) in members {
        groups.entry((kind, after, ranks.of(member))).or_default().push(member);
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    // Stable: the rest stays as it is.
    groups.sort_by_cached_key(|((_, _, rank), _)| *rank);
    let module = |((kind, after, _), members)| Module { kind, after, members };
    let modules = groups.into_iter().map(module).collect();
    Ok((modules, locked(plan, facts, &ranks)?))
}

/// What the engine calls as `realloc` or `post-return` of an instance whose flag it has to clear.
fn locked(plan: &Plan<'_>, facts: &Facts, ranks: &Ranks<'_, '_>) -> Result<Vec<LockedFunc>> {
    let mut wanted = Vec::new();
    let realloc = |memory: Option<CoreEntity>| {
        let pointer = super::pointer_type(plan, memory);
        FuncType::new([pointer; 4], [pointer])
    };
    for lower in plan.lowers.values() {
        if let (FuncDef::Import(_), Some(func)) = (lower.target, lower.options.realloc) {
            wanted.push((lower.owner, func, realloc(lower.options.memory), Role::Realloc));
        }
    }
    for builtin in plan.builtins.values().filter(|_| facts.inside.is_none()) {
        if let BuiltinKind::Async(kind) = builtin.kind
            && let Some(options) = kind.options()
            && let Some(func) = options.realloc
        {
            wanted.push((builtin.owner, func, realloc(options.memory), Role::Realloc));
        }
    }
    for (_, item) in &plan.root_exports {
        for (lift, ty) in exported_lifts(plan, *item) {
            let lift = &plan.lifts[lift];
            if let Some(func) = lift.options.realloc {
                wanted.push((lift.owner, func, realloc(lift.options.memory), Role::Realloc));
            }
            if let Some(func) = lift.options.post_return {
                let abi = facts.abi_of(plan, lift.options.memory);
                let inner = abi.flatten(plan.types.func(ty)?, Side::Lift);
                let ty = FuncType::new(inner.ty.results().iter().copied(), []);
                wanted.push((lift.owner, func, ty, Role::PostReturn));
            }
        }
    }
    wanted.retain(|(owner, ..)| facts.is_locked(*owner));
    let mut known = HashSet::new();
    wanted.retain(|(owner, func, ..)| known.insert((*func, *owner)));
    let decided = |(owner, func, ty, role)| {
        let after = exists_after(plan, func);
        let calls_member = ranks.callee(func).is_some_and(|it| ranks.moments[&it] == after);
        let turn = if calls_member { Turn::Last } else { Turn::InOrder };
        LockedFunc { func, owner, ty, role, after, turn }
    };
    Ok(wanted.into_iter().map(decided).collect())
}

impl Facts {
    /// Whether what the engine calls as a `realloc` or `post-return` of an instance is generated: it
    /// clears the flag of the instance, or its context where the module keeps that.
    pub fn is_locked(&self, instance: InstanceId) -> bool {
        self.may_leave[instance].outer == guards::Lock::Taken
            || self.inside.is_some() && !self.context[instance].is_empty()
    }
}

/// Every member, with its kind of module and its moment.
fn members(plan: &Plan<'_>, facts: &Facts) -> Vec<(Member, ModuleKind, usize)> {
    let mut members = Vec::new();
    for (id, lower) in &plan.lowers {
        let kind = match &facts.lowers[id] {
            Some(Binding::Adapt(adapt) | Binding::Start(adapt)) => {
                let to = plan.lifts[adapt.lift].owner;
                ModuleKind::Crossings { from: lower.owner, to }
            }
            Some(Binding::CannotEnter { lift }) => {
                let to = plan.lifts[*lift].owner;
                ModuleKind::Crossings { from: lower.owner, to }
            }
            Some(Binding::Boundary { leave: Leave::Checked, .. } | Binding::Base { .. }) => {
                ModuleKind::Boundary(lower.owner)
            }
            Some(Binding::Exchange { .. }) => ModuleKind::Exchange(lower.owner),
            _ => continue,
        };
        members.push((Member::Lower(id), kind, lower.after));
    }
    for (id, builtin) in &plan.builtins {
        let kind = match &facts.builtins[id] {
            Some(BuiltinBinding::Table { .. }) => ModuleKind::Builtins(builtin.owner),
            Some(
                BuiltinBinding::Engine { leave: Leave::Checked, .. }
                | BuiltinBinding::WideSlot { .. },
            ) => ModuleKind::Boundary(builtin.owner),
            Some(
                BuiltinBinding::TaskReturn { .. }
                | BuiltinBinding::TaskCancel { .. }
                | BuiltinBinding::Inside { .. },
            ) => ModuleKind::Tasks(builtin.owner),
            _ => continue,
        };
        members.push((Member::Builtin(id), kind, builtin.after));
    }
    for &id in facts.exchanged.keys() {
        let lift = &plan.lifts[id];
        let after = exists_with_options(plan, lift.callee, &lift.options);
        members.push((Member::Export(id), ModuleKind::Exchange(lift.owner), after));
    }
    if let Some(inside) = &facts.inside {
        if inside.has_engine() {
            members.push((Member::Event, ModuleKind::Events, 0));
        }
        for (id, lift) in &plan.lifts {
            let kind = ModuleKind::Tasks(lift.owner);
            let after = exists_with_options(plan, lift.callee, &lift.options);
            if inside.roots.contains_key(&id) {
                members.push((Member::Root(id), kind, after));
            }
            if inside.entries.contains(&id) && !facts.exchanged.contains_key(&id) {
                members.push((Member::Entry(id), kind, after));
            }
            if let Some(callback) = lift.options.callback
                && inside.place(TaskFunc::Resume(id)) != 0
            {
                members.push((Member::Resume(id), kind, exists_after(plan, callback)));
            }
        }
    }
    for &way in facts.inside.iter().flat_map(|inside| &inside.copies.ways) {
        let ends = ends_of(way).into_iter().map(|id| &plan.builtins[id]);
        let kind = match way {
            Way::Between(writer, reader) => {
                let [from, to] = [writer, reader].map(|id| plan.builtins[id].owner);
                ModuleKind::Copies { from, to }
            }
            Way::ToHost(end) | Way::FromHost(end) => ModuleKind::Tasks(plan.builtins[end].owner),
        };
        let after = ends.map(|end| exists_with(plan, options_of(&end.kind))).max();
        members.push((Member::Copy(way), kind, after.unwrap_or_default()));
    }
    for (id, resource) in &plan.resources {
        if let (Resource::Defined { owner, dtor: Some(dtor) }, HandlePolicy::Bridged(_)) =
            (*resource, facts.resources[id])
        {
            let after = exists_after(plan, dtor);
            members.push((Member::Dtor(id, dtor), ModuleKind::Dtors(owner), after));
        }
    }
    if let Some(main) = &plan.main {
        let lift = &plan.lifts[main.lift];
        let after = exists_with_options(plan, lift.callee, &lift.options);
        members.push((Member::Main, ModuleKind::Boundary(lift.owner), after));
    }
    members
}

/// How many core instances of the plan exist when a lifted function and what its options refer to
/// do.
fn exists_with_options(plan: &Plan<'_>, func: CoreFunc, options: &CanonicalOptions) -> usize {
    exists_after(plan, func).max(exists_with(plan, *options))
}

/// How many do when what options refer to does.
fn exists_with(plan: &Plan<'_>, options: CanonicalOptions) -> usize {
    let funcs = [options.realloc, options.post_return].into_iter().flatten();
    let funcs = funcs.map(|func| exists_after(plan, func));
    let memory = options.memory.map(|memory| memory.instance.as_u32() as usize + 1);
    funcs.chain(memory).max().unwrap_or_default()
}

/// The built-ins whose values go a way.
fn ends_of(way: Way) -> Vec<BuiltinId> {
    match way {
        Way::Between(writer, reader) => vec![writer, reader],
        Way::ToHost(end) | Way::FromHost(end) => vec![end],
    }
}

/// The options of a built-in.
fn options_of(kind: &BuiltinKind) -> CanonicalOptions {
    match kind {
        BuiltinKind::Async(kind) => kind.options().unwrap_or_default(),
        _ => CanonicalOptions::default(),
    }
}

/// Finds the ranks.
struct Ranks<'p, 'a> {
    plan: &'p Plan<'a>,
    facts: &'p Facts,
    moments: HashMap<Member, usize>,
    ranks: HashMap<Member, u32>,
}

impl Ranks<'_, '_> {
    fn of(&mut self, member: Member) -> u32 {
        // Chains of functions that are lifted and lowered can be as long as the input.
        let mut open = vec![member];
        while let Some(&member) = open.last() {
            let below = self.below(member);
            let unknown = open.len();
            open.extend(below.iter().filter(|below| !self.ranks.contains_key(below)));
            if open.len() == unknown {
                let rank = below.iter().filter_map(|below| self.ranks.get(below)).max();
                self.ranks.insert(member, rank.map_or(0, |rank| rank + 1));
                open.pop();
            }
        }
        self.ranks.get(&member).copied().unwrap_or_default()
    }

    /// The members of the same moment that a member refers to. All were there before it, so that
    /// there is no circle.
    fn below(&self, member: Member) -> Vec<Member> {
        let Plan { lowers, lifts, builtins, .. } = self.plan;
        let mut below = Vec::new();
        match member {
            Member::Lower(id) => {
                let lower = &lowers[id];
                match &self.facts.lowers[id] {
                    Some(Binding::Adapt(adapt) | Binding::Start(adapt)) => {
                        let lift = &lifts[adapt.lift];
                        below.extend(self.callee(lift.callee));
                        below.extend(self.of_options(&lift.options));
                    }
                    Some(Binding::Exchange { .. }) => below.extend(self.of_type(lower.ty)),
                    _ => {}
                }
                below.extend(self.of_options(&lower.options));
            }
            Member::Builtin(id) => match builtins[id].kind {
                BuiltinKind::Async(_) => {}
                kind => below.extend(kind.resource().and_then(|resource| self.dtor(resource))),
            },
            Member::Export(id) => {
                let lift = &lifts[id];
                below.extend(self.callee(lift.callee));
                below.extend(self.of_options(&lift.options));
                below.extend(self.of_type(lift.ty));
            }
            Member::Event => {}
            Member::Root(id) | Member::Entry(id) => {
                let lift = &lifts[id];
                below.extend(self.callee(lift.callee));
                below.extend(self.of_options(&lift.options));
                below.extend(self.of_type(lift.ty));
            }
            Member::Resume(id) => {
                below.extend(lifts[id].options.callback.and_then(|func| self.callee(func)));
            }
            Member::Copy(way) => {
                for id in ends_of(way) {
                    below.extend(self.of_options(&options_of(&builtins[id].kind)));
                }
            }
            Member::Dtor(_, dtor) => below.extend(self.callee(dtor)),
            Member::Main => {
                let lift = self.plan.main.as_ref().map(|main| &lifts[main.lift]);
                below.extend(lift.and_then(|lift| self.callee(lift.callee)));
                below.extend(lift.iter().flat_map(|lift| self.of_options(&lift.options)));
            }
        }
        let moment = self.moments.get(&member);
        below.retain(|below| *below != member && self.moments.get(below) == moment);
        below
    }

    /// The member that a core function is, if it is one.
    fn callee(&self, mut func: CoreFunc) -> Option<Member> {
        loop {
            let member = match func {
                CoreFunc::Defined(_) => return None,
                CoreFunc::Builtin(builtin) => Member::Builtin(builtin),
                CoreFunc::Lower(lower) => match &self.facts.lowers[lower] {
                    Some(Binding::Direct { callee }) => {
                        func = *callee;
                        continue;
                    }
                    _ => Member::Lower(lower),
                },
            };
            return self.moments.contains_key(&member).then_some(member);
        }
    }

    fn of_options(&self, options: &CanonicalOptions) -> Vec<Member> {
        let funcs = [options.realloc, options.post_return].into_iter().flatten();
        funcs.filter_map(|func| self.callee(func)).collect()
    }

    /// What has to be there before the engine has a resource type: what it calls as the destructor.
    fn dtor(&self, resource: ResourceId) -> Option<Member> {
        let Resource::Defined { dtor: Some(dtor), .. } = self.plan.resources[resource] else {
            return None;
        };
        let exchanged = Member::Dtor(resource, dtor);
        match self.moments.contains_key(&exchanged) {
            true => Some(exchanged),
            false => self.callee(dtor),
        }
    }

    /// The same for every resource that a type mentions.
    fn of_type(&self, ty: TypeId) -> Vec<Member> {
        let types = &self.plan.types;
        let parts = types.all_parts(ty).into_iter();
        let resources = parts.filter_map(|part| match types[part] {
            Type::Own(resource) | Type::Borrow(resource) => types.resource(resource).ok(),
            _ => None,
        });
        resources.filter_map(|resource| self.dtor(resource)).collect()
    }
}
