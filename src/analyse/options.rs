//! Canonical options that are not fused, wherever they are: those that pass values as GC references.

use crate::error::{Code, Error, Result};
use crate::plan::{BuiltinKind, CanonicalOptions, InstanceId, Plan};

/// Refuses canonical options that mean another way to pass values.
pub(super) fn check(plan: &Plan<'_>) -> Result<()> {
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
