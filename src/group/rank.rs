//! How many imported instances have to come before each instance, one after another.
//!
//! An instance comes after what it calls, after what defines the resources that it has to do with,
//! and, if something happens when it is instantiated, after what happened before that. Among guests
//! this makes no difference, for they can be one component whichever comes first. So what is counted
//! are imported instances:
//!
//! ```text
//! a             0
//! x, calls a    0    imported
//! b, calls x    1
//! c, calls a    0    in one group with a
//! ```
//!
//! An imported instance comes after all guests of its rank, and before all of the next.

use std::collections::BTreeSet;

use cranelift_entity::SecondaryMap;

use super::callee;
use crate::error::{Code, Error, Result};
use crate::plan::{
    ComponentDef, FuncDef, ImportedInstance, InstanceId, Item, ModuleDef, Plan, Resource,
    all_items, holders, mentioned, types_of,
};

/// The rank of every instance.
pub struct Ranks {
    ranks: SecondaryMap<InstanceId, u32>,
}

/// Those that each instance comes after.
type Before = SecondaryMap<InstanceId, BTreeSet<InstanceId>>;

impl Ranks {
    /// The rank of an instance.
    pub fn of(&self, instance: InstanceId) -> u32 {
        self.ranks[instance]
    }

    /// The highest rank.
    pub fn last(&self) -> u32 {
        self.ranks.values().copied().max().unwrap_or_default()
    }

    /// The guests of a rank, if they have anything that is to be in the result.
    pub fn members(&self, plan: &Plan<'_>, rank: u32) -> BTreeSet<InstanceId> {
        let defined = plan.resources.values().filter_map(|resource| match resource {
            Resource::Defined { owner, .. } => Some(*owner),
            Resource::Imported { .. } => None,
        });
        let cores = plan.core_instances.values().map(|core| core.owner);
        let lifts = plan.lifts.values().map(|lift| lift.owner);
        let lowers = plan.lowers.values().map(|lower| lower.owner);
        let builtins = plan.builtins.values().map(|builtin| builtin.owner);
        let owners = defined.chain(cores).chain(lifts).chain(lowers).chain(builtins);
        owners.filter(|owner| self.of(*owner) == rank).collect()
    }
}

/// Ranks every instance.
pub fn ranks(plan: &Plan<'_>) -> Result<Ranks> {
    let before = before(plan);
    let imported: BTreeSet<_> = plan.imported_instances.iter().map(|made| made.instance).collect();
    let mut ranks: SecondaryMap<InstanceId, u32> = SecondaryMap::new();
    // Most come after those with lower numbers, so that this takes few rounds.
    let mut changed = true;
    while std::mem::take(&mut changed) {
        for id in plan.instances.keys() {
            let is_guest = !imported.contains(&id);
            let after = |other: &InstanceId| {
                ranks[*other] + u32::from(is_guest && imported.contains(other))
            };
            let rank = before[id].iter().map(after).max().unwrap_or_default();
            if rank as usize > imported.len() {
                return Err(circular(plan, &before, &imported));
            }
            if rank > ranks[id] {
                ranks[id] = rank;
                changed = true;
            }
        }
    }
    Ok(Ranks { ranks })
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
/// or there is code that is not known.
fn events(plan: &Plan<'_>) -> Vec<InstanceId> {
    let started = plan.core_instances.values().enumerate();
    let started = started.filter(|(_, core)| plan.module(core.module).has_start);
    let started = started.map(|(at, core)| (at, 1, core.owner));
    let made = plan.imported_instances.iter().map(|made| (made.after, 0, made.instance));
    let mut events: Vec<_> = started.chain(made).collect();
    events.sort_by_key(|(at, after, _)| (*at, *after));
    events.into_iter().map(|(.., instance)| instance).collect()
}

/// The error that a guest has to come before and after an imported instance.
fn circular(plan: &Plan<'_>, before: &Before, imported: &BTreeSet<InstanceId>) -> Error {
    let found = imported.iter().find_map(|made| {
        let mut seen = BTreeSet::new();
        let mut open: Vec<_> = before[*made].iter().copied().collect();
        while let Some(id) = open.pop() {
            if before[id].contains(made) {
                return Some((*made, id));
            }
            open.extend(before[id].iter().copied().filter(|id| seen.insert(*id)));
        }
        None
    });
    let Some((made, guest)) = found else {
        return Error::internal("instances are in a circle, and none of them is imported");
    };
    let (made, guest) = (plan.path(made), plan.path(guest));
    Error::new(
        Code::NotFused,
        format!(
            "`{guest}` has to be instantiated before and after `{made}`, whose component is imported"
        ),
    )
    .with_help(format!("divide `{guest}` into what `{made}` uses, and what uses it"))
    .in_instance(guest)
}
