//! What needs a function of a shim, and in which shim it is.
//!
//! # Problem
//!
//! A shim imports what exists at its moment. But a lifted function, or a destructor, need not be a
//! guest's: it may be a built-in, or a lowered function, which themselves are functions of shims, and
//! of the same moment if no core module is instantiated in between:
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
//! refers to. Members of one kind, moment and rank are a shim, and shims are in the order of ranks.
//! Nearly always there is only rank 0.
//!
//! # Rejected
//!
//! To order the shims of a moment by what they import: two can import from one another, or one from
//! itself.

use std::collections::HashMap;

use indexmap::IndexMap;

use super::ShimKind;
use super::boundary::exists_after;
use crate::analyse::{Binding, BuiltinBinding, Facts, HandlePolicy};
use crate::plan::{
    BuiltinId, BuiltinKind, CanonicalOptions, CoreFunc, LiftId, LowerId, Plan, Resource,
    ResourceId, Type, TypeId,
};

/// Something that guests or the engine call, and a shim has a function for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Member {
    Lower(LowerId),
    Builtin(BuiltinId),
    /// An exported function at which handles are exchanged.
    Export(LiftId),
    /// The destructor of a bridged resource.
    Dtor(ResourceId, CoreFunc),
}

/// Which shim a member is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Group {
    /// What it holds.
    pub kind: ShimKind,
    /// How many core instances of the plan exist when it is instantiated.
    pub after: usize,
    /// Its place among the shims of that moment.
    pub rank: u32,
}

/// What needs a function, by the shim that it is in, in an order in which each shim comes after those
/// that it imports from.
pub(super) fn groups(plan: &Plan<'_>, facts: &Facts) -> IndexMap<Group, Vec<Member>> {
    let members = members(plan, facts);
    let moments = members.iter().map(|(member, _, after)| (*member, *after)).collect();
    let mut ranks = Ranks { plan, facts, moments, ranks: HashMap::new() };
    let mut groups: IndexMap<_, Vec<Member>> = IndexMap::new();
    for (member, kind, after) in members {
        let group = Group { kind, after, rank: ranks.of(member) };
        groups.entry(group).or_default().push(member);
    }
    // Stable: the rest stays as it is.
    groups.sort_by(|a, _, b, _| a.rank.cmp(&b.rank));
    groups
}

/// Every member, with its kind of shim and its moment.
fn members(plan: &Plan<'_>, facts: &Facts) -> Vec<(Member, ShimKind, usize)> {
    let mut members = Vec::new();
    for (id, lower) in &plan.lowers {
        let kind = match &facts.lowers[id] {
            Some(Binding::Adapt(adapt)) => {
                let to = plan.lifts[adapt.lift].owner;
                ShimKind::Crossings { from: lower.owner, to }
            }
            Some(Binding::CannotEnter { lift }) => {
                let to = plan.lifts[*lift].owner;
                ShimKind::Crossings { from: lower.owner, to }
            }
            Some(Binding::Boundary { guarded: true, .. }) => ShimKind::Boundary(lower.owner),
            Some(Binding::Exchange { .. }) => ShimKind::Exchange(lower.owner),
            _ => continue,
        };
        members.push((Member::Lower(id), kind, lower.after));
    }
    for (id, builtin) in &plan.builtins {
        let kind = match facts.builtins[id] {
            Some(BuiltinBinding::Table { .. }) => ShimKind::Builtins(builtin.owner),
            Some(BuiltinBinding::Engine { guarded: true, .. }) => ShimKind::Boundary(builtin.owner),
            Some(BuiltinBinding::Task { .. }) => ShimKind::Tasks(builtin.owner),
            _ => continue,
        };
        members.push((Member::Builtin(id), kind, builtin.after));
    }
    for &id in facts.exchanged.keys() {
        let lift = &plan.lifts[id];
        let after = exists_with_options(plan, lift.callee, &lift.options);
        members.push((Member::Export(id), ShimKind::Exchange(lift.owner), after));
    }
    for (id, resource) in &plan.resources {
        if let (Resource::Defined { owner, dtor: Some(dtor) }, HandlePolicy::Bridged(_)) =
            (*resource, facts.resources[id])
        {
            let after = exists_after(plan, dtor);
            members.push((Member::Dtor(id, dtor), ShimKind::Dtors(owner), after));
        }
    }
    members
}

/// How many core instances of the plan exist when a lifted function and what its options refer to
/// do.
fn exists_with_options(plan: &Plan<'_>, func: CoreFunc, options: &CanonicalOptions) -> usize {
    let funcs = [Some(func), options.realloc, options.post_return].into_iter().flatten();
    let funcs = funcs.map(|func| exists_after(plan, func));
    let memory = options.memory.map(|memory| memory.instance.as_u32() as usize + 1);
    funcs.chain(memory).max().unwrap_or_default()
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
                    Some(Binding::Adapt(adapt)) => {
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
            Member::Dtor(_, dtor) => below.extend(self.callee(dtor)),
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
