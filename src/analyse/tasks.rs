//! What is asynchronous, and who may be.
//!
//! # Problem
//!
//! Tasks and what they wait for are the engine's. It keeps, for every component instance, a count of
//! backpressure, a lock that most `async` functions hold while they run, and tables of threads and
//! waitables; and for every thread, two slots of context. In the result, all guests are one instance
//! of the engine's, and a crossing is a plain call: it makes no task.
//!
//! # What is proved
//!
//! An instance is *concurrent* if it uses any of that state: it exports or imports an `async`
//! function, or one over a `stream`, `future` or `error-context`, or has a built-in of that family.
//!
//! 1. At most one instance is concurrent. So the state that the engine keeps for the result is the
//!    state that it kept for that instance.
//! 2. No other instance calls it, unless that is as good as a part of the caller's task
//!    ([`entered`](super::entered)). So each of its tasks is one that the engine makes.
//! 3. So whatever one instance calls in another cannot block: by the time control is back, the
//!    callee has returned, or has trapped. To call it with `async` is to be told at once that it
//!    has returned. A callee that is lifted with `async` returns by `task.return`, which is a
//!    function of the fused module then (`shim/tasks.rs`).
//!
//! What this does not cover is a [`Conflict`]. To find one is no error yet:
//! [`analyse`](super::analyse) refuses a plan that has one, unless it is to be divided
//! before that ([`Tasks::Apart`](crate::options::Tasks)). Then each concurrent instance is in a
//! component of its own ([`apart`]), and each such component is analysed again.
//!
//! `context.get` and `context.set` are the exception: any instance may have them. The engine keeps
//! the slots of the thread that runs; whoever enters an instance that uses them clears them first,
//! and restores them in the end, as if the callee had a thread of its own.
//!
//! # Limits
//!
//! A `callback` could wait, so a function that has one is called by the engine only. Two concurrent
//! instances would need two instances of the engine's: a composition has to be fused in parts.

use std::collections::BTreeSet;

use cranelift_entity::SecondaryMap;
use wasm_encoder::ValType;
use wasm_fuser_merge::order;

use super::bridge::Bridged;
use super::conflict::{ByEngine, Conflict, Reason};
use super::entered;
use crate::abi::Abi;
use crate::error::Result;
use crate::plan::{
    AsyncBuiltin, BuiltinKind, CanonicalOptions, ContextSlot, FuncDef, InstanceId, Lift, LiftId,
    LowerId, Plan, ThreadOp, Type, TypeId, exported_lifts,
};

/// The slots of context that each instance uses.
pub type Context = SecondaryMap<InstanceId, Vec<ContextSlot>>;

/// The first thing that keeps all instances from being one of the engine's.
pub(super) fn conflict(plan: &Plan<'_>, abi: &Abi, bridged: &Bridged) -> Result<Option<Conflict>> {
    let reasons = reasons(plan);
    let shared_threads = || plan.builtins.iter().find(|(_, it)| is_of_shared_threads(it.kind));
    if let Some((id, _)) = shared_threads() {
        return Ok(Some(Conflict::SharedThreads(Reason::Builtin(id))));
    }
    if bridged.pointers
        && let Some(reason) = reaches_memory(plan, &reasons)
    {
        return Ok(Some(Conflict::SharedMemory(reason)));
    }
    let Some((concurrent, first)) = reasons.first() else {
        return crossing(plan, abi);
    };
    if let Some((_, second)) = reasons.iter().find(|(instance, _)| instance != concurrent) {
        let (first, second) = (first.clone(), second.clone());
        return Ok(Some(Conflict::Two { one: *concurrent, first, second }));
    }
    if let Some(by) = entered::entrance(plan, *concurrent)? {
        return Ok(Some(Conflict::Entered { concurrent: *concurrent, reason: first.clone(), by }));
    }
    let is_exchanged =
        |reason: &Reason| reason.ty(plan).is_some_and(|ty| bridged.types.contains(ty));
    if let Some((_, reason)) = reasons.iter().find(|(_, reason)| is_exchanged(reason)) {
        return Ok(Some(Conflict::Exchanged(reason.clone())));
    }
    crossing(plan, abi)
}

/// The instances that cannot be together, where there is a conflict: the concurrent ones, and those that share with one of
/// them a call that the engine has to make.
pub(super) fn apart(plan: &Plan<'_>, abi: &Abi) -> Result<BTreeSet<InstanceId>> {
    let mut apart = order::set(reasons(plan).into_iter().map(|(instance, _)| instance));
    // Such a call is an `async` export on one side, and an import on the other.
    let mut changed = true;
    while std::mem::take(&mut changed) {
        for (lower, lift) in plan.crossings().filter(|(a, b)| !plan.is_reentrant(*a, *b)) {
            let (lower, lift) = (&plan.lowers[lower], &plan.lifts[lift]);
            let ends = [lower.owner, lift.owner];
            let asynchronous =
                is_async(plan, lower.ty) || is_async(plan, lift.ty) || lift.options.async_;
            let by_engine =
                ends.iter().any(|end| apart.contains(end)) || by_engine(plan, abi, lift)?.is_some();
            if asynchronous && by_engine {
                changed |= ends.into_iter().any(|end| apart.insert(end));
            }
        }
    }
    Ok(apart)
}

/// Something that lets the engine read or write a guest's memory, which it cannot do to a region of
/// one memory.
fn reaches_memory(plan: &Plan<'_>, reasons: &[(InstanceId, Reason)]) -> Option<Reason> {
    if let Some((_, reason)) = reasons.first() {
        return Some(reason.clone());
    }
    for (id, lower) in &plan.lowers {
        if matches!(lower.target, FuncDef::Import(_)) && lower.options.async_ {
            return Some(Reason::Import(id));
        }
    }
    for (name, item) in &plan.root_exports {
        for (lift, _) in exported_lifts(plan, *item) {
            if plan.lifts[lift].options.async_ {
                return Some(Reason::Export(lift, name.name.clone()));
            }
        }
    }
    None
}

/// Whether a built-in is one of threads that share memory.
fn is_of_shared_threads(kind: BuiltinKind) -> bool {
    use ThreadOp::{AvailableParallelism, SpawnIndirect, SpawnRef};
    matches!(
        kind,
        BuiltinKind::Async(AsyncBuiltin::Thread(SpawnRef | SpawnIndirect | AvailableParallelism))
    )
}

/// Every reason for which an instance is concurrent.
fn reasons(plan: &Plan<'_>) -> Vec<(InstanceId, Reason)> {
    let mut reasons = Vec::new();
    for (id, builtin) in &plan.builtins {
        use AsyncBuiltin::*;
        match builtin.kind {
            // `task.return` and `task.cancel` are about a task that something else has made.
            BuiltinKind::Async(ContextGet(_) | ContextSet(_) | TaskReturn { .. } | TaskCancel) => {}
            BuiltinKind::Async(_) => reasons.push((builtin.owner, Reason::Builtin(id))),
            _ => {}
        }
    }
    for (name, item) in &plan.root_exports {
        for (lift, ty) in exported_lifts(plan, *item) {
            let owner = plan.lifts[lift].owner;
            if is_async(plan, ty) || is_async(plan, plan.lifts[lift].ty) {
                reasons.push((owner, Reason::Export(lift, name.name.clone())));
            }
        }
    }
    for (id, lower) in &plan.lowers {
        if matches!(lower.target, FuncDef::Import(_)) && is_async(plan, lower.ty) {
            reasons.push((lower.owner, Reason::Import(id)));
        }
    }
    reasons
}

/// Whether a function is `async`, or over something asynchronous.
fn is_async(plan: &Plan<'_>, ty: TypeId) -> bool {
    matches!(&plan.types[ty], Type::Func(func) if func.async_)
        || plan.types.asynchronous_part(ty).is_some()
}

/// The first crossing of what only the engine can move or call.
fn crossing(plan: &Plan<'_>, abi: &Abi) -> Result<Option<Conflict>> {
    for (lower, lift) in plan.crossings() {
        if plan.is_reentrant(lower, lift) {
            continue;
        }
        if let Some(why) = by_engine(plan, abi, &plan.lifts[lift])? {
            return Ok(Some(Conflict::Crossing { lower, lift, why }));
        }
    }
    Ok(None)
}

/// Why only the engine can call a function, or move its values; nothing, if a shim can.
fn by_engine(plan: &Plan<'_>, abi: &Abi, lift: &Lift) -> Result<Option<ByEngine>> {
    let result = plan.types.func(lift.ty)?.result;
    Ok(if let Some(part) = plan.types.asynchronous_part(lift.ty) {
        Some(ByEngine::Passes(part))
    } else if lift.options.callback.is_some() {
        Some(ByEngine::Callback)
    } else if lift.options.async_ && !result.is_none_or(|ty| can_be_kept(plan, abi, ty)) {
        Some(ByEngine::NotKept)
    } else {
        None
    })
}

/// Whether a value can be kept as core values from `task.return` to the end of the task.
fn can_be_kept(plan: &Plan<'_>, abi: &Abi, ty: TypeId) -> bool {
    let parts = plan.types.all_parts(ty);
    let has_handles =
        parts.into_iter().any(|part| matches!(plan.types[part], Type::Own(_) | Type::Borrow(_)));
    abi.flat(ty).is_some() && !abi.has_pointers(ty) && !has_handles
}

/// The crossings that a `task.return` of an instance can be about: of the same result, to functions
/// that are lifted alike.
pub(super) fn returning(
    plan: &Plan<'_>,
    owner: InstanceId,
    result: Option<TypeId>,
    options: &CanonicalOptions,
) -> Result<Vec<(LowerId, LiftId)>> {
    let canonical = |ty: Option<TypeId>| ty.map(|ty| plan.types.canonical(ty));
    let mut tasks = Vec::new();
    for (lower, id) in plan.crossings() {
        let lift = &plan.lifts[id];
        if lift.owner == owner
            && lift.options.async_
            && (lift.options.encoding, lift.options.memory) == (options.encoding, options.memory)
            && canonical(plan.types.func(lift.ty)?.result) == canonical(result)
            && !plan.is_reentrant(lower, id)
        {
            tasks.push((lower, id));
        }
    }
    Ok(tasks)
}

/// The slots of context that each instance uses, each as wide as anyone has it.
pub(super) fn context(plan: &Plan<'_>) -> Context {
    let used = plan.builtins.values().filter_map(|builtin| match builtin.kind {
        BuiltinKind::Async(AsyncBuiltin::ContextGet(slot) | AsyncBuiltin::ContextSet(slot)) => {
            Some((builtin.owner, slot))
        }
        _ => None,
    });
    let wide = used.clone().filter(|(_, slot)| slot.ty == ValType::I64);
    let wide = order::set(wide.map(|(_, slot)| slot.index));
    let mut slots: Context = SecondaryMap::new();
    for (owner, slot) in used {
        let ty = if wide.contains(&slot.index) { ValType::I64 } else { slot.ty };
        let slots = &mut slots[owner];
        if slots.iter().all(|known| known.index != slot.index) {
            slots.push(ContextSlot { ty, ..slot });
        }
    }
    slots
}
