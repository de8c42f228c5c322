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
//! 2. No other instance calls it. So each of its tasks is one that the engine makes.
//! 3. So whatever one instance calls in another cannot block: by the time control is back, the
//!    callee has returned, or has trapped. To call it with `async` is to be told at once that it
//!    has returned. A callee that is lifted with `async` returns by `task.return`, which is a
//!    function of the fused module then (`shim/task`).
//!
//! What this does not cover is refused, or left to the engine if the caller asks for that
//! ([`Tasks::Apart`](crate::options::Tasks)): then each concurrent instance is in a component of its
//! own ([`apart`]), which this is said of in its turn.
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

use super::bridge::Bridged;
use crate::abi::Abi;
use crate::error::{Code, Error, Remedy, Result, Setting};
use crate::options::{MemoryPlan, Options, Tasks};
use crate::plan::{
    AsyncBuiltin, BuiltinId, BuiltinKind, ContextSlot, FuncDef, InstanceId, Lift, LiftId, LowerId,
    Plan, Resource, ThreadOp, Type, TypeId, exported_lifts,
};

/// Why an instance is concurrent.
#[derive(Clone, Debug)]
enum Reason {
    /// It has a built-in.
    Builtin(BuiltinId),
    /// It exports a function, of that name.
    Export(LiftId, String),
    /// It imports a function of the boundary.
    Import(LowerId),
}

/// The slots of context that each instance uses.
pub type Context = SecondaryMap<InstanceId, Vec<ContextSlot>>;

/// Refuses what is asynchronous and cannot be proved to stay the same.
pub(super) fn check(plan: &Plan<'_>, abi: &Abi, bridged: &Bridged) -> Result<()> {
    for (id, builtin) in &plan.builtins {
        if let BuiltinKind::Async(AsyncBuiltin::Thread(op)) = builtin.kind
            && is_of_shared_threads(op)
        {
            let reason = Reason::Builtin(id);
            let error = reason.refused(plan, "is not fused: it is one of shared threads");
            return Err(error.with_help("leave threads that share memory out"));
        }
    }
    let reasons = reasons(plan);
    if bridged.pointers {
        has_its_own_memory(plan, &reasons)?;
    }
    let Some((concurrent, first)) = reasons.first() else {
        return crossings(plan, abi);
    };
    if let Some((_, second)) = reasons.iter().find(|(instance, _)| instance != concurrent) {
        let what = format!(
            "needs an instance of its own in the engine, and so does {} in `{}`",
            first.shown(plan),
            plan.path(*concurrent)
        );
        return Err(second.refused(plan, &what));
    }
    entered(plan, *concurrent, first)?;
    for (_, reason) in &reasons {
        if reason.ty(plan).is_some_and(|ty| bridged.types.contains(ty)) {
            let what = "is not fused: it mentions a resource whose handles are exchanged";
            return Err(reason.refused(plan, what));
        }
    }
    crossings(plan, abi)
}

/// The instances that have to be in components of their own, for no two of them can be in one; none,
/// if all can be in one.
pub fn apart(plan: &Plan<'_>, options: &Options) -> Result<BTreeSet<InstanceId>> {
    let abi = Abi::new(&plan.types, ValType::I32);
    let policies = super::resources::policies(plan, options.isolate_handles);
    let bridged = super::bridge::bridged(plan, &abi, &policies, options)?;
    match check(plan, &abi, &bridged) {
        Ok(()) => return Ok(BTreeSet::new()),
        Err(error) if error.code() != Code::AsyncNotFused => return Err(error),
        Err(_) => {}
    }
    let mut apart: BTreeSet<_> = reasons(plan).into_iter().map(|(instance, _)| instance).collect();
    // A call that the engine has to make is an `async` export on one side, and an import on the other.
    let mut changed = true;
    while std::mem::take(&mut changed) {
        for (lower, lift) in plan.crossings().filter(|(a, b)| !plan.is_reentrant(*a, *b)) {
            let ends = [plan.lowers[lower].owner, plan.lifts[lift].owner];
            let asynchronous = is_async(plan, plan.lowers[lower].ty)
                || is_async(plan, plan.lifts[lift].ty)
                || plan.lifts[lift].options.async_;
            let by_engine = ends.iter().any(|end| apart.contains(end))
                || unfused(plan, &abi, &plan.lifts[lift])?.is_some();
            if asynchronous && by_engine {
                changed |= ends.into_iter().any(|end| apart.insert(end));
            }
        }
    }
    Ok(apart)
}

/// Refuses what the engine calls or does with a guest's memory, where that is a part of another.
fn has_its_own_memory(plan: &Plan<'_>, reasons: &[(InstanceId, Reason)]) -> Result<()> {
    let refused = |reason: &Reason| {
        let what =
            "is not fused where all memories are one: the engine would reach those of others";
        let remedy = Remedy::from("let it have a component of its own, with one memory: ")
            .setting(Setting::Tasks(Tasks::Apart))
            .text("; or let there be several memories: ")
            .setting(Setting::Memory(MemoryPlan::Split));
        reason.refused(plan, what).with_help(remedy)
    };
    if let Some((_, reason)) = reasons.first() {
        return Err(refused(reason));
    }
    for (id, lower) in &plan.lowers {
        if matches!(lower.target, FuncDef::Import(_)) && lower.options.async_ {
            return Err(refused(&Reason::Import(id)));
        }
    }
    for (name, item) in &plan.root_exports {
        for (lift, _) in exported_lifts(plan, *item) {
            if plan.lifts[lift].options.async_ {
                return Err(refused(&Reason::Export(lift, name.name.clone())));
            }
        }
    }
    Ok(())
}

/// Whether a built-in is one of threads that share memory.
fn is_of_shared_threads(op: ThreadOp) -> bool {
    matches!(op, ThreadOp::SpawnRef | ThreadOp::SpawnIndirect | ThreadOp::AvailableParallelism)
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
    plan.types.func(ty).is_ok_and(|func| func.async_) || plan.types.asynchronous_part(ty).is_some()
}

/// Refuses that a concurrent instance is entered by another.
fn entered(plan: &Plan<'_>, concurrent: InstanceId, reason: &Reason) -> Result<()> {
    let refused = |caller: InstanceId, offset: u64| {
        let what = format!(
            "`{}` calls into `{}`, whose tasks are the engine's because of {}",
            plan.path(caller),
            plan.path(concurrent),
            reason.shown(plan)
        );
        not_fused(what).in_instance(plan.path(caller)).at(offset)
    };
    for (lower, lift) in plan.crossings() {
        let caller = &plan.lowers[lower];
        if plan.lifts[lift].owner == concurrent && !plan.is_reentrant(lower, lift) {
            return Err(refused(caller.owner, caller.offset).in_function(caller.name.to_string()));
        }
    }
    for builtin in plan.builtins.values() {
        let BuiltinKind::ResourceDrop(resource) = builtin.kind else { continue };
        if let Resource::Defined { owner, dtor: Some(_) } = plan.resources[resource]
            && owner == concurrent
            && builtin.owner != concurrent
        {
            return Err(refused(builtin.owner, builtin.offset).in_function("resource.drop"));
        }
    }
    Ok(())
}

/// Refuses crossings of what only the engine can move or call.
fn crossings(plan: &Plan<'_>, abi: &Abi) -> Result<()> {
    for (id, lift) in plan.crossings() {
        if plan.is_reentrant(id, lift) {
            continue;
        }
        let (lower, lift) = (&plan.lowers[id], &plan.lifts[lift]);
        if let Some(what) = unfused(plan, abi, lift)? {
            let error = not_fused(what).in_instance(plan.path(lower.owner)).at(lower.offset);
            return Err(error.in_function(lower.name.to_string()));
        }
    }
    Ok(())
}

/// Why only the engine can move what a function takes and returns, or call it, if it is so.
fn unfused(plan: &Plan<'_>, abi: &Abi, lift: &Lift) -> Result<Option<String>> {
    let result = plan.types.func(lift.ty)?.result;
    Ok(if let Some(part) = plan.types.asynchronous_part(lift.ty) {
        Some(format!("a `{part}` that crosses from one instance to another is not fused"))
    } else if lift.options.callback.is_some() {
        Some(format!(
            "`canon lift` in `{}` with the canonical option `callback` is not fused where another \
             instance calls the function",
            plan.path(lift.owner)
        ))
    } else if lift.options.async_ && !result.is_none_or(|ty| can_be_kept(plan, abi, ty)) {
        Some(format!(
            "`task.return` in `{}` of a result with pointers or handles, or of more than {} core \
             values, is not fused where another instance calls the function",
            plan.path(lift.owner),
            crate::abi::MAX_FLAT_PARAMS
        ))
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

/// The slots of context that each instance uses, each as wide as anyone has it.
pub(super) fn context(plan: &Plan<'_>) -> Context {
    let used = plan.builtins.values().filter_map(|builtin| match builtin.kind {
        BuiltinKind::Async(AsyncBuiltin::ContextGet(slot) | AsyncBuiltin::ContextSet(slot)) => {
            Some((builtin.owner, slot))
        }
        _ => None,
    });
    let wide = used.clone().filter(|(_, slot)| slot.ty == ValType::I64);
    let wide: BTreeSet<u32> = wide.map(|(_, slot)| slot.index).collect();
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

impl Reason {
    /// What is concurrent, in words.
    fn shown(&self, plan: &Plan<'_>) -> String {
        match self {
            Reason::Builtin(id) => {
                format!("the built-in `{}`", plan.builtins[*id].kind.name(&plan.types))
            }
            Reason::Export(lift, name) => {
                match plan.types.asynchronous_part(plan.lifts[*lift].ty) {
                    Some(part) => format!("the export `{name}` over `{part}`"),
                    None => format!("the `async` export `{name}`"),
                }
            }
            Reason::Import(lower) => {
                let lower = &plan.lowers[*lower];
                match plan.types.asynchronous_part(lower.ty) {
                    Some(part) => format!("the import `{}` over `{part}`", lower.name),
                    None => format!("the `async` import `{}`", lower.name),
                }
            }
        }
    }

    fn ty(&self, plan: &Plan<'_>) -> Option<TypeId> {
        match self {
            Reason::Builtin(id) => match plan.builtins[*id].kind {
                BuiltinKind::Async(builtin) => builtin.ty(),
                _ => None,
            },
            Reason::Export(lift, _) => Some(plan.lifts[*lift].ty),
            Reason::Import(lower) => Some(plan.lowers[*lower].ty),
        }
    }

    fn refused(&self, plan: &Plan<'_>, why: &str) -> Error {
        let error = not_fused(format!("{} {why}", self.shown(plan)));
        match self {
            Reason::Builtin(id) => {
                let builtin = &plan.builtins[*id];
                error.in_instance(plan.path(builtin.owner)).at(builtin.offset)
            }
            Reason::Export(lift, name) => {
                let lift = &plan.lifts[*lift];
                let error = error.in_instance(plan.path(lift.owner)).at(lift.offset);
                error.in_function(name.clone())
            }
            Reason::Import(lower) => {
                let lower = &plan.lowers[*lower];
                let error = error.in_instance(plan.path(lower.owner)).at(lower.offset);
                error.in_function(lower.name.to_string())
            }
        }
    }
}

fn not_fused(what: String) -> Error {
    let remedy = Remedy::from("let such instances be components of their own: ")
        .setting(Setting::Tasks(Tasks::Apart));
    Error::new(Code::AsyncNotFused, what).with_help(remedy)
}
