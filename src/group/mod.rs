//! What can be one component of the result, and what cannot.
//!
//! # Problem
//!
//! A component that the root imports has no code to fuse: its instances stay instances of the outer
//! component. What such an instance is passed has to exist before it, and what uses it comes after.
//! The guests cannot be core instances of the outer component either: engines trap at a call
//! between an instance and one that it contains. So they are in components beside it.
//!
//! ```text
//! (component
//!   (import "x" (component $x ...))
//!   (component $group0 ...)                           what x is passed
//!   (instance $group0 (instantiate $group0))
//!   (instance $x (instantiate $x (with "f" (func $group0 "func0"))))
//!   (component $group1 ...)                           what uses x
//!   (instance $group1 (instantiate $group1
//!     (with "func0" (func $x "g")) (with "func1" (func $group0 "func0"))))
//!   (export "run" (func $group1 "func0")))
//! ```
//!
//! The same goes for guests with tasks of the engine, where they cannot be one instance and are to
//! be left [apart](crate::options::Tasks::Apart): each is in a component of its own.
//!
//! # How
//!
//! A [`Group`] is a plan of its own, with what comes from elsewhere as imports (`part`); the
//! stages that follow do not know that there are others. Where nothing stands between the guests,
//! there is one group, which is the plan as it is.
//!
//! Which instances are together follows from how many of the *separate* ones have to come first, one
//! after another (`rank`). Instances of equal rank are a group: that makes the fewest groups, for a
//! separate instance separates all that it is passed from all that uses it.
//!
//! # Rejected
//!
//! *To lift and lower at the outer component.* It would be one group less, and every call of the
//! imported instance would trap.
//!
//! # Limits
//!
//! What cannot be in order is refused: an instance that a separate one calls and that calls it, in one
//! way or another, or whose start functions run before and after it; and calls between a separate
//! instance and one that it is in, which would trap.

use std::collections::BTreeSet;

use crate::error::{Code, Error, Limit, Remedy, Result};
use crate::options::{Limits, Options};
use crate::plan::{
    FuncDef, ImportedInstance, InstanceId, Item, LiftId, LowerId, Plan, exported_lifts,
};

mod part;
mod rank;

/// What the result is made of, in order of instantiation.
#[derive(Debug)]
pub struct Groups<'p, 'a> {
    /// Groups, and instances that stay as they are.
    pub steps: Vec<Step<'p, 'a>>,
    /// Guests in components of their own, each with the guests that it alone uses.
    pub apart: BTreeSet<InstanceId>,
}

/// One step of the result's instantiation.
#[derive(Debug)]
pub enum Step<'p, 'a> {
    /// Guests that are fused.
    Group(Group<'p, 'a>),
    /// An instance whose code is not there.
    Imported(&'p ImportedInstance),
}

/// Guests that are fused with one another.
#[derive(Debug)]
pub struct Group<'p, 'a> {
    /// A name for it.
    pub name: String,
    /// The guests, as if there was nothing else.
    pub plan: GroupPlan<'p, 'a>,
    /// The instances that they are; none is left out, if there is one group.
    members: BTreeSet<InstanceId>,
    /// What its imports are, of the whole plan.
    pub imports: Vec<(String, Item)>,
    /// What its exports are, of the whole plan.
    pub exports: Vec<(String, Item)>,
}

/// The plan of a group.
#[derive(Debug)]
pub enum GroupPlan<'p, 'a> {
    /// That of the composition: there is one group.
    Whole(&'p Plan<'a>),
    /// One of its own.
    Part(Box<Plan<'a>>),
}

impl<'a> std::ops::Deref for GroupPlan<'_, 'a> {
    type Target = Plan<'a>;

    fn deref(&self) -> &Plan<'a> {
        match self {
            GroupPlan::Whole(plan) => plan,
            GroupPlan::Part(plan) => plan,
        }
    }
}

impl<'p, 'a> Groups<'p, 'a> {
    /// Every group.
    pub fn iter(&self) -> impl Iterator<Item = &Group<'p, 'a>> {
        self.steps.iter().filter_map(|step| match step {
            Step::Group(group) => Some(group),
            Step::Imported(_) => None,
        })
    }

    /// Whether two instances are fused with one another.
    pub fn are_together(&self, one: InstanceId, other: InstanceId) -> bool {
        let has_both =
            |group: &Group<'_, '_>| [one, other].iter().all(|it| group.members.contains(it));
        self.is_whole() || self.iter().any(has_both)
    }

    /// Whether all is one group, which is the plan as it is.
    pub fn is_whole(&self) -> bool {
        matches!(&self.steps[..], [Step::Group(group)] if matches!(group.plan, GroupPlan::Whole(_)))
    }
}

/// Divides a plan into groups, with some guests in components of their own.
pub fn groups<'p, 'a>(
    plan: &'p Plan<'a>,
    apart: BTreeSet<InstanceId>,
    options: &Options,
) -> Result<Groups<'p, 'a>> {
    let mut separate = apart.clone();
    separate.extend(plan.imported_instances.iter().map(|made| made.instance));
    if separate.is_empty() {
        let plan = GroupPlan::Whole(plan);
        let (name, members) = ("whole".into(), BTreeSet::new());
        let whole = Group { name, plan, members, imports: Vec::new(), exports: Vec::new() };
        return Ok(Groups { steps: vec![Step::Group(whole)], apart });
    }
    if options.emit.is_module() {
        return Err(no_module(plan, &separate));
    }
    let order = rank::ranks(plan, &separate)?.in_order(plan)?;
    within(plan, order.len(), &options.limits)?;
    let mut steps = Vec::new();
    let mut names = (0..).map(|number| format!("group{number}"));
    for members in &order {
        let imported = plan.imported_instances.iter().find(|it| members.contains(&it.instance));
        steps.push(match (imported, names.next()) {
            (Some(made), _) => Step::Imported(made),
            (None, Some(name)) => Step::Group(part::group(plan, name, members)?),
            (None, None) => return Err(Error::internal("there are no more names")),
        });
    }
    let groups = Groups { steps, apart };
    refuse_reentrance(plan, &groups)?;
    Ok(groups)
}

fn no_module(plan: &Plan<'_>, separate: &BTreeSet<InstanceId>) -> Error {
    let names: Vec<_> = separate.iter().map(|id| format!("`{}`", plan.path(*id))).collect();
    let what = format!("the result is several components, because of {}", names.join(", "));
    Error::new(Code::SeveralModules, what)
        .with_help("emit a component, or compose the imported components first")
}

/// Every group is made from all of the composition, and has all of its instances and types.
fn within(plan: &Plan<'_>, groups: usize, limits: &Limits) -> Result<()> {
    let all = plan.types.len()
        + plan.instances.len()
        + plan.core_instances.len()
        + plan.lifts.len()
        + plan.lowers.len()
        + plan.builtins.len();
    let limit = 4 * u64::from(limits.types);
    if all as u64 * groups as u64 <= limit {
        return Ok(());
    }
    let what = format!(
        "the result is {groups} components, each made from {all} types, instances and functions, \
         which is more than {limit} of them"
    );
    Err(Error::new(Code::LimitExceeded, what).with_help(Remedy::raise(Limit::Types)))
}

/// Refuses calls that would trap because one instance is in the other, and would not if the two were
/// side by side.
fn refuse_reentrance(plan: &Plan<'_>, groups: &Groups<'_, '_>) -> Result<()> {
    let nested = |one, other| plan.contains(one, other) || plan.contains(other, one);
    for (id, lower) in &plan.lowers {
        if let Some(callee) = callee(plan, id)
            && nested(lower.owner, callee)
            && !groups.are_together(lower.owner, callee)
        {
            return Err(reentrant(plan, lower.owner, callee)
                .in_function(lower.name.to_string())
                .at(lower.offset));
        }
    }
    for made in &plan.imported_instances {
        for lift in passed_lifts(plan, made) {
            let lift = &plan.lifts[lift];
            if nested(lift.owner, made.instance) {
                return Err(reentrant(plan, made.instance, lift.owner).at(lift.offset));
            }
        }
    }
    Ok(())
}

fn reentrant(plan: &Plan<'_>, caller: InstanceId, callee: InstanceId) -> Error {
    let (from, to) = (plan.path(caller), plan.path(callee));
    Error::new(
        Code::NotFused,
        format!("`{from}` calls `{to}`, and one of the two is in the other: every call traps"),
    )
    .with_help("put the code of the outer one into a component beside the inner one")
    .in_instance(from)
}

/// The lifts among what an imported instance is made with.
fn passed_lifts(plan: &Plan<'_>, made: &ImportedInstance) -> Vec<LiftId> {
    let lifts = made.arguments.iter().flat_map(|(_, item)| exported_lifts(plan, *item));
    lifts.map(|(lift, _)| lift).collect()
}

/// The instance that a call leads to, unless that is the host.
fn callee(plan: &Plan<'_>, lower: LowerId) -> Option<InstanceId> {
    match plan.lowers[lower].target {
        FuncDef::Lift(lift) => Some(plan.lifts[lift].owner),
        FuncDef::Import(import) => plan.imports[import].origin.instance,
    }
}
