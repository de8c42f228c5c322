//! Which checks of `may_leave` can fire.
//!
//! # Problem
//!
//! While an instance's `realloc` or `post-return` runs, a call out of it traps ("cannot leave
//! component instance"). A guard is a global that these calls clear and set again (a *lock*), and
//! that every lower of the instance reads (a *check*): cheap, but not free, and usually in vain.
//!
//! # What is proved
//!
//! A check is left out where no lock exists that it could observe, and a lock where no check
//! exists that could observe it. Locks are of two kinds. *Inner* ones are taken by adapters of
//! crossings. *Outer* ones are taken by the engine, when it calls a fused function for a lift or
//! lower of the boundary; the engine then checks every call that leaves through the boundary by
//! itself, so only crossings have to observe them.
//!
//! | check of              | observes inner locks | observes outer locks |
//! |-----------------------|----------------------|----------------------|
//! | a crossing            | yes                  | yes                  |
//! | a call of the boundary| yes                  | the engine does      |

use cranelift_entity::SecondaryMap;

use super::HandlePolicy;
use super::bridge::{Bridged, Through};
use super::copies;
use crate::abi::{Abi, Side};
use crate::error::Result;
use crate::plan::{
    AsyncBuiltin, Builtin, BuiltinKind, CopyOp, FuncDef, InstanceId, Plan, ResourceId, Type,
    TypeId, exported_lifts,
};

/// What a call out of an instance does about the instance's flag.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Leave {
    /// Nothing: no lock that the call could observe is ever taken, or the engine sees to it.
    #[default]
    Free,
    /// It traps while the flag is clear.
    Checked,
}

/// What a call of an instance's `realloc` or `post-return` does about the instance's flag.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lock {
    /// Nothing: nobody checks the flag meanwhile.
    #[default]
    Free,
    /// It clears the flag, and sets it again.
    Taken,
}

/// What locks and checks an instance's `may_leave`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MayLeave {
    /// Calls of other instances, and built-ins on the instance's own table.
    pub crossings: Leave,
    /// Calls of the boundary.
    pub boundary: Leave,
    /// Adapters that call its `realloc` or `post-return`.
    pub inner: Lock,
    /// What the engine calls as its `realloc` or `post-return`.
    pub outer: Lock,
}

impl MayLeave {
    /// Whether there is a flag.
    pub fn exists(self) -> bool {
        self.crossings == Leave::Checked || self.boundary == Leave::Checked
    }
}

/// What an instance does, and what is done to it.
#[derive(Clone, Copy, Debug, Default)]
struct Uses {
    /// An adapter calls its `realloc` or `post-return`.
    inner_locks: bool,
    /// The engine calls its `realloc` or `post-return`.
    outer_locks: bool,
    /// It calls other instances, or makes and drops handles in its own table.
    crossings: bool,
    /// It calls the boundary.
    boundary: bool,
}

impl Uses {
    /// Leaves out what has no counterpart.
    fn decided(self) -> MayLeave {
        let Uses { inner_locks, outer_locks, crossings, boundary } = self;
        let leave = |checked: bool| if checked { Leave::Checked } else { Leave::Free };
        let lock = |taken: bool| if taken { Lock::Taken } else { Lock::Free };
        MayLeave {
            crossings: leave(crossings && (inner_locks || outer_locks)),
            boundary: leave(boundary && inner_locks),
            inner: lock(inner_locks && (crossings || boundary)),
            outer: lock(outer_locks && crossings),
        }
    }
}

/// Finds out for every instance.
pub(super) fn may_leave(
    plan: &Plan<'_>,
    abi: &Abi,
    resources: &SecondaryMap<ResourceId, HandlePolicy>,
    bridged: &Bridged,
    tasks_inside: bool,
) -> Result<SecondaryMap<InstanceId, MayLeave>> {
    let mut flags: SecondaryMap<InstanceId, Uses> = SecondaryMap::new();
    for lower in plan.lowers.values() {
        let allocates = results_allocate(plan, abi, lower.ty)?;
        match lower.target {
            FuncDef::Import(_) => {
                let flags = &mut flags[lower.owner];
                let through = bridged.function(plan, abi, lower.ty, Side::Lower)?;
                // What is exchanged is checked as in a crossing; through the bridge, it allocates so, too.
                match through {
                    Some(_) => flags.crossings = true,
                    None => flags.boundary = true,
                }
                match through {
                    Some(Through::Bridge) => flags.inner_locks |= allocates,
                    Some(Through::Guest) | None => flags.outer_locks |= allocates,
                }
            }
            FuncDef::Lift(lift) => {
                flags[lower.owner].crossings = true;
                flags[lower.owner].inner_locks |= allocates;
                let lift = &plan.lifts[lift];
                flags[lift.owner].inner_locks |=
                    lift.options.post_return.is_some() || params_allocate(plan, abi, lift.ty)?;
            }
        }
    }
    for builtin in plan.builtins.values() {
        let flags = &mut flags[builtin.owner];
        let by_engine = match builtin.kind.resource() {
            Some(resource) => resources[resource] == HandlePolicy::Passthrough,
            None => !tasks_inside && !is_of_crossings(plan, builtin),
        };
        match (builtin.kind.leaves(), by_engine) {
            (false, _) => {}
            (true, true) => flags.boundary = true,
            // The engine does not see these calls, so they are checked as crossings are.
            (true, false) => flags.crossings = true,
        }
        match builtin.kind {
            BuiltinKind::Async(AsyncBuiltin::Copy(CopyOp::Read(_), ty)) if tasks_inside => {
                let element = copies::element(plan, ty);
                flags.inner_locks |= element.is_some_and(|element| abi.has_pointers(element));
            }
            BuiltinKind::Async(AsyncBuiltin::ErrorContextDebugMessage(_)) if tasks_inside => {
                flags.inner_locks = true;
            }
            BuiltinKind::Async(kind) if !tasks_inside => {
                let options = kind.options();
                flags.outer_locks |= options.is_some_and(|options| options.realloc.is_some());
            }
            _ => {}
        }
    }
    for (_, item) in &plan.root_exports {
        for (lift, ty) in exported_lifts(plan, *item) {
            let lift = &plan.lifts[lift];
            let locks = lift.options.post_return.is_some() || params_allocate(plan, abi, ty)?;
            let is_task =
                tasks_inside && matches!(&plan.types[lift.ty], Type::Func(it) if it.async_);
            let through = match is_task {
                true => bridged.task(plan, abi, lift.ty)?,
                false => bridged.function(plan, abi, lift.ty, Side::Lift)?,
            };
            match through {
                Some(Through::Bridge) => flags[lift.owner].inner_locks |= locks,
                Some(Through::Guest) | None => flags[lift.owner].outer_locks |= locks,
            }
        }
    }
    let mut decided = SecondaryMap::new();
    for instance in plan.instances.keys() {
        decided[instance] = flags[instance].decided();
    }
    Ok(decided)
}

/// Whether a built-in is about a task that a crossing is, and not one of the engine's: another
/// instance calls its instance, and the engine makes no task of it that returns so. (Where both call, no
/// crossing does, and the engine traps if it is told of one.)
pub(super) fn is_of_crossings(plan: &Plan<'_>, builtin: &Builtin) -> bool {
    let of_task = matches!(
        builtin.kind,
        BuiltinKind::Async(AsyncBuiltin::TaskReturn { .. } | AsyncBuiltin::TaskCancel)
    );
    let is_called = || plan.crossings().any(|(_, lift)| plan.lifts[lift].owner == builtin.owner);
    let by_engine = || {
        let exported = plan.root_exports.iter().flat_map(|(_, item)| exported_lifts(plan, *item));
        let mut lifts = exported.map(|(id, _)| &plan.lifts[id]);
        lifts.any(|lift| lift.owner == builtin.owner && lift.options.async_)
    };
    of_task && is_called() && !by_engine()
}

/// Whether lowering the parameters into the callee allocates.
fn params_allocate(plan: &Plan<'_>, abi: &Abi, ty: TypeId) -> Result<bool> {
    let ty = plan.types.func(ty)?;
    let spilled = abi.flatten(ty, Side::Lift).spilled_params;
    Ok(spilled || ty.param_types().any(|ty| abi.has_pointers(ty)))
}

/// Whether lowering the results into the caller allocates.
fn results_allocate(plan: &Plan<'_>, abi: &Abi, ty: TypeId) -> Result<bool> {
    Ok(plan.types.func(ty)?.result.is_some_and(|ty| abi.has_pointers(ty)))
}
