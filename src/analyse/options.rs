//! Canonical options that are not fused, wherever they are.
//!
//! GC references as values are refused. Pointers of 64 bits are the engine's where values go to or
//! come from the host: it lifts and lowers as it did before. Adapters move values between memories
//! with 32-bit addresses only, so a value that they would move through a 64-bit memory is refused.

use cranelift_entity::EntitySet;

use crate::abi::{Abi, Side};
use crate::error::{Code, Error, Result};
use crate::plan::{
    BuiltinKind, CanonicalOptions, FuncDef, InstanceId, Lift, Lower, Plan, TypeId, exported_lifts,
};

/// Refuses canonical options that mean another way to pass values.
pub(super) fn check(plan: &Plan<'_>, abi: &Abi, bridged: &EntitySet<TypeId>) -> Result<()> {
    for lift in plan.lifts.values() {
        refuse_gc(plan, "canon lift", lift.options, lift.owner, lift.offset)?;
    }
    for lower in plan.lowers.values() {
        refuse_gc(plan, "canon lower", lower.options, lower.owner, lower.offset)
            .map_err(|error| error.in_function(lower.name.to_string()))?;
    }
    for builtin in plan.builtins.values() {
        if let BuiltinKind::Async(kind) = builtin.kind
            && let Some(options) = kind.options()
        {
            let what = format!("canon {}", builtin.kind.name(&plan.types));
            refuse_gc(plan, &what, options, builtin.owner, builtin.offset)?;
        }
    }
    for (lower, lift) in plan.crossings() {
        if !plan.is_reentrant(lower, lift) {
            let (lower, lift) = (&plan.lowers[lower], &plan.lifts[lift]);
            check_lowered(plan, abi, lower)?;
            check_lifted(plan, abi, lift)
                .map_err(|error| error.in_function(lower.name.to_string()))?;
        }
    }
    for lower in plan.lowers.values() {
        if matches!(lower.target, FuncDef::Import(_)) && bridged.contains(lower.ty) {
            check_lowered(plan, abi, lower)?;
        }
    }
    for (name, item) in &plan.root_exports {
        for (lift, ty) in exported_lifts(plan, *item) {
            if bridged.contains(ty) {
                check_lifted(plan, abi, &plan.lifts[lift])
                    .map_err(|error| error.in_function(name.name.clone()))?;
            }
        }
    }
    Ok(())
}

fn refuse_gc(
    plan: &Plan<'_>,
    what: &str,
    options: CanonicalOptions,
    owner: InstanceId,
    offset: u64,
) -> Result<()> {
    if !options.gc {
        return Ok(());
    }
    Err(Error::new(Code::NotFused, format!("`{what}` with the canonical option `gc` is not fused"))
        .with_help("pass values through linear memory")
        .in_instance(plan.path(owner))
        .at(offset))
}

/// Refuses that an adapter reads or writes a caller's 64-bit memory.
fn check_lowered(plan: &Plan<'_>, abi: &Abi, lower: &Lower) -> Result<()> {
    match is_moved_through_64(plan, abi, lower.ty, lower.options, lower.options.lowered())? {
        false => Ok(()),
        true => Err(through_64("canon lower")
            .in_instance(plan.path(lower.owner))
            .in_function(lower.name.to_string())
            .at(lower.offset)),
    }
}

/// Refuses that an adapter reads or writes a callee's 64-bit memory.
fn check_lifted(plan: &Plan<'_>, abi: &Abi, lift: &Lift) -> Result<()> {
    match is_moved_through_64(plan, abi, lift.ty, lift.options, lift.options.lifted())? {
        false => Ok(()),
        true => Err(through_64("canon lift").in_instance(plan.path(lift.owner)).at(lift.offset)),
    }
}

fn is_moved_through_64(
    plan: &Plan<'_>,
    abi: &Abi,
    ty: TypeId,
    options: CanonicalOptions,
    side: Side,
) -> Result<bool> {
    let ty = plan.types.func(ty)?;
    let signature = abi.flatten(ty, side);
    let spilled = signature.spilled_params || signature.spilled_results;
    let moved = spilled || ty.param_types().chain(ty.result).any(|ty| abi.has_pointers(ty));
    Ok(moved && options.memory.is_some_and(|memory| plan.is_memory64(memory)))
}

fn through_64(what: &str) -> Error {
    Error::new(
        Code::NotFused,
        format!(
            "`{what}` with a 64-bit memory is not fused where another instance is at the other end"
        ),
    )
    .with_help("compile the component for `wasm32`")
}
