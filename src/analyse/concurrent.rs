//! Which instances have to do with tasks that may wait.

use std::collections::BTreeMap;

use crate::plan::{AsyncBuiltin, BuiltinId, BuiltinKind, InstanceId, Plan, Type, TypeId};

/// The instances that have a built-in of tasks, or call or are called with tasks, and their built-ins.
pub(super) fn concurrent(plan: &Plan<'_>) -> BTreeMap<InstanceId, Vec<BuiltinId>> {
    let mut concurrent: BTreeMap<InstanceId, Vec<BuiltinId>> = BTreeMap::new();
    for (id, builtin) in &plan.builtins {
        use AsyncBuiltin::{ContextGet, ContextSet};
        if let BuiltinKind::Async(kind) = builtin.kind
            && !matches!(kind, ContextGet(_) | ContextSet(_))
        {
            concurrent.entry(builtin.owner).or_default().push(id);
        }
    }
    for lower in plan.lowers.values() {
        if is_async(plan, lower.ty) {
            concurrent.entry(lower.owner).or_default();
        }
    }
    for lift in plan.lifts.values() {
        if is_async(plan, lift.ty) {
            concurrent.entry(lift.owner).or_default();
        }
    }
    concurrent
}

/// Whether a function is `async`.
pub(super) fn is_async(plan: &Plan<'_>, ty: TypeId) -> bool {
    matches!(&plan.types[ty], Type::Func(func) if func.async_)
}
