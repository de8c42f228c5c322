//! Canonical options that are not fused, wherever they are.

use crate::error::{Code, Error, Result};
use crate::plan::{BuiltinKind, CanonicalOptions, InstanceId, Plan};

/// Refuses canonical options that mean another way to pass values.
pub(super) fn check(plan: &Plan<'_>) -> Result<()> {
    for lift in plan.lifts.values() {
        check_one(plan, "canon lift", lift.options, lift.owner, lift.offset)?;
    }
    for lower in plan.lowers.values() {
        let checked = check_one(plan, "canon lower", lower.options, lower.owner, lower.offset);
        checked.map_err(|error| error.in_function(lower.name.to_string()))?;
    }
    for builtin in plan.builtins.values() {
        if let BuiltinKind::Async(kind) = builtin.kind
            && let Some(options) = kind.options()
        {
            let what = format!("canon {}", builtin.kind.name(&plan.types));
            check_one(plan, &what, options, builtin.owner, builtin.offset)?;
        }
    }
    Ok(())
}

fn check_one(
    plan: &Plan<'_>,
    what: &str,
    options: CanonicalOptions,
    owner: InstanceId,
    offset: u64,
) -> Result<()> {
    let refused = |option: &str, help: &str| {
        Err(Error::new(Code::NotFused, format!("`{what}` with {option} is not fused"))
            .with_help(help)
            .in_instance(plan.path(owner))
            .at(offset))
    };
    if options.gc {
        return refused("the canonical option `gc`", "pass values through linear memory");
    }
    if options.memory.is_some_and(|memory| plan.is_memory64(memory)) {
        return refused("a 64-bit memory", "compile the component for `wasm32`");
    }
    Ok(())
}
