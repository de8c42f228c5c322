//! How many separate instances have to come before each instance, one after another.
//!
//! An instance comes after what it calls, after what defines the resources that it has to do with,
//! and, if something happens when it is instantiated, after what happened before that. Among guests
//! this makes no difference, for they can be one component whichever comes first. So what is counted
//! are separate instances:
//!
//! ```text
//! a             0
//! x, calls a    0    separate
//! b, calls x    1
//! c, calls a    0    in one group with a
//! ```
//!
//! A separate instance comes after all guests of its rank, and before all of the next. Guests that
//! nobody but a separate guest uses are put to that, so that their calls are fused.

use std::collections::{BTreeMap, BTreeSet};

use cranelift_entity::SecondaryMap;
use wasm_fuser_merge::order::set;

use super::callee;
use crate::error::{Code, Error, Result};
use crate::plan::{
    ComponentDef, FuncDef, ImportedInstance, InstanceId, Item, ModuleDef, Plan, Resource,
    all_items, exported_lifts, holders, mentioned, types_of,
};

/// The rank of every instance.
pub struct Ranks<'s> {
    ranks: SecondaryMap<InstanceId, u32>,
    before: Before,
    separate: &'s BTreeSet<InstanceId>,
}

/// Those that each instance comes after.
type Before = SecondaryMap<InstanceId, BTreeSet<InstanceId>>;

/// Ranks every instance. Those that are `separate` are no members of a group of others.
pub fn ranks<'s>(plan: &Plan<'_>, separate: &'s BTreeSet<InstanceId>) -> Result<Ranks<'s>> {
    let before = before(plan);
    let mut ranks: SecondaryMap<InstanceId, u32> = SecondaryMap::new();
    // Most come after those with lower numbers, so that this takes few rounds.
    let mut changed = true;
    while std::mem::take(&mut changed) {
        for id in plan.instances.keys() {
            let among_others = !separate.contains(&id);
            let after = |other: &InstanceId| {
                ranks[*other] + u32::from(among_others && separate.contains(other))
            };
            let rank = before[id].iter().map(after).max().unwrap_or_default();
            if rank as usize > separate.len() {
                return Err(circular(plan, &before, separate));
            }
            if rank > ranks[id] {
                ranks[id] = rank;
                changed = true;
            }
        }
    }
    Ok(Ranks { ranks, before, separate })
}

impl Ranks<'_> {
    /// What is instantiated one after another: groups of guests, and separate instances, each with
    /// the guests that are only there for it.
    pub fn in_order(&self, plan: &Plan<'_>) -> Result<Vec<BTreeSet<InstanceId>>> {
        let owners = owners(plan);
        let users_of = self.only_users(plan, &owners);
        let last = self.ranks.values().copied().max().unwrap_or_default();
        let mut order = Vec::new();
        for rank in 0..=last {
            let here = |id: &InstanceId| self.ranks[*id] == rank;
            let is_free =
                |id: &InstanceId| !self.separate.contains(id) && !users_of.contains_key(id);
            order.push(set(owners.iter().copied().filter(|id| here(id) && is_free(id))));
            let mut separate = set(self.separate.iter().copied().filter(here));
            while !separate.is_empty() {
                let mut ready = separate.iter().copied();
                let next = ready.find(|id| self.before[*id].is_disjoint(&separate));
                let next = next.ok_or_else(|| circular(plan, &self.before, &separate))?;
                separate.remove(&next);
                let only = users_of.iter().filter(|(_, user)| **user == next);
                order.push(set(only.map(|(guest, _)| *guest).chain([next])));
            }
        }
        order.retain(|members: &BTreeSet<_>| !members.is_empty());
        Ok(order)
    }

    /// The guests that only one separate guest uses, and others of that kind, with this guest.
    fn only_users(
        &self,
        plan: &Plan<'_>,
        owners: &BTreeSet<InstanceId>,
    ) -> BTreeMap<InstanceId, InstanceId> {
        let mut users: SecondaryMap<InstanceId, BTreeSet<InstanceId>> = SecondaryMap::new();
        for (user, used) in self.before.iter() {
            for id in used {
                users[*id].insert(user);
            }
        }
        let outside = used_from_outside(plan);
        let mut only = BTreeMap::new();
        // Who uses an instance mostly comes after it.
        for id in owners.iter().rev().copied() {
            if self.separate.contains(&id) || outside.contains(&id) {
                continue;
            }
            let by = |user: &InstanceId| match self.separate.contains(user) {
                true => Some(*user),
                false => only.get(user).copied(),
            };
            let by = set(users[id].iter().map(by));
            if let [Some(user)] = by.into_iter().collect::<Vec<_>>()[..]
                && owners.contains(&user)
            {
                only.insert(id, user);
            }
        }
        only
    }
}

/// The instances that own something in the result.
fn owners(plan: &Plan<'_>) -> BTreeSet<InstanceId> {
    let defined = plan.resources.values().filter_map(|resource| match resource {
        Resource::Defined { owner, .. } => Some(*owner),
        Resource::Imported { .. } => None,
    });
    let cores = plan.core_instances.values().map(|core| core.owner);
    let lifts = plan.lifts.values().map(|lift| lift.owner);
    let lowers = plan.lowers.values().map(|lower| lower.owner);
    let builtins = plan.builtins.values().map(|builtin| builtin.owner);
    set(defined.chain(cores).chain(lifts).chain(lowers).chain(builtins))
}

/// The instances whose functions or resources the root exports, or passes to imported components.
fn used_from_outside(plan: &Plan<'_>) -> BTreeSet<InstanceId> {
    let exported = plan.root_exports.iter().map(|(_, item)| *item);
    let made = plan.imported_instances.iter();
    let passed = made.flat_map(|made| made.arguments.iter().map(|(_, item)| *item));
    let items: Vec<_> = exported.chain(passed).collect();
    let lifts = items.iter().flat_map(|item| exported_lifts(plan, *item));
    let owners = lifts.map(|(lift, _)| plan.lifts[lift].owner);
    let resources = mentioned(plan, types_of(plan, items.iter().copied()));
    let definers = resources.into_iter().filter_map(|id| definer(&plan.resources[id]));
    set(owners.chain(definers))
}

fn before(plan: &Plan<'_>) -> Before {
    let mut before = Before::new();
    let mut add = |id: InstanceId, other: Option<InstanceId>| {
        if let Some(other) = other.filter(|other| *other != id) {
            before[id].insert(other);
        }
    };
    for (id, lower) in &plan.lowers {
        add(lower.owner, callee(plan, id));
    }
    let holders = holders(plan);
    for (id, resource) in &plan.resources {
        for holder in &holders[id] {
            add(*holder, definer(resource));
        }
    }
    for core in plan.core_instances.values() {
        if let ModuleDef::Imported(module) = core.module {
            add(core.owner, plan.imported_modules[module].origin.instance);
        }
    }
    for made in &plan.imported_instances {
        for other in passed(plan, made) {
            add(made.instance, other);
        }
    }
    let events = events(plan);
    for (earlier, later) in events.iter().zip(events.iter().skip(1)) {
        add(*later, Some(*earlier));
    }
    before
}

/// The instances that an imported one is made with something of.
fn passed(plan: &Plan<'_>, made: &ImportedInstance) -> Vec<Option<InstanceId>> {
    let items = || made.arguments.iter().map(|(_, item)| *item);
    let component = |id| plan.imported_components[id].origin.instance;
    let mut others = vec![component(made.component)];
    for item in all_items(plan, items()) {
        others.push(match item {
            Item::Func(FuncDef::Lift(lift), _) => Some(plan.lifts[lift].owner),
            Item::Func(FuncDef::Import(import), _) => plan.imports[import].origin.instance,
            Item::Module(ModuleDef::Imported(id), _) => plan.imported_modules[id].origin.instance,
            Item::Component(ComponentDef::Imported(id), _) => component(id),
            _ => None,
        });
    }
    let resources = mentioned(plan, types_of(plan, items()));
    others.extend(resources.into_iter().map(|resource| definer(&plan.resources[resource])));
    others
}

fn definer(resource: &Resource) -> Option<InstanceId> {
    match *resource {
        Resource::Defined { owner, .. } => Some(owner),
        Resource::Imported { by } => by,
    }
}

/// The instances in which something happens on instantiation, in order: a start function is called,
/// or unknown code runs.
fn events(plan: &Plan<'_>) -> Vec<InstanceId> {
    let started = plan.core_instances.values().enumerate();
    let started = started.filter(|(_, core)| plan.module(core.module).has_start);
    let started = started.map(|(at, core)| (at, 1, core.owner));
    let made = plan.imported_instances.iter().map(|made| (made.after, 0, made.instance));
    let mut events: Vec<_> = started.chain(made).collect();
    events.sort_by_cached_key(|(at, after, _)| (*at, *after));
    events.into_iter().map(|(.., instance)| instance).collect()
}

/// The error that an instance has to come before and after a separate one.
fn circular(plan: &Plan<'_>, before: &Before, separate: &BTreeSet<InstanceId>) -> Error {
    let found = separate.iter().find_map(|alone| {
        let mut seen = BTreeSet::new();
        let mut open: Vec<_> = before[*alone].iter().copied().collect();
        while let Some(id) = open.pop() {
            if before[id].contains(alone) {
                return Some((*alone, id));
            }
            open.extend(before[id].iter().copied().filter(|id| seen.insert(*id)));
        }
        None
    });
    let Some((alone, other)) = found else {
        return Error::internal("instances are in a circle, and none of them is separate");
    };
    let why = match plan.imported_instances.iter().any(|made| made.instance == alone) {
        true => "whose component is imported",
        false => "which has to be in a component of its own",
    };
    let (alone, other) = (plan.path(alone), plan.path(other));
    Error::new(
        Code::NotFused,
        format!("`{other}` has to be instantiated before and after `{alone}`, {why}"),
    )
    .with_help(format!("divide `{other}` into what `{alone}` uses, and what uses it"))
    .in_instance(other)
}
