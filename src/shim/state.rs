//! The state of component instances: a module of globals.
//!
//! Nothing but shims can reach these, so no guest can clear its own guard.

use std::collections::BTreeMap;

use indexmap::IndexSet;
use wasm_encoder::{
    ConstExpr, ExportKind, ExportSection, GlobalSection, GlobalType, Module, ValType,
};

use super::{Shim, ShimKind};
use crate::analyse::Facts;
use crate::plan::{InstanceId, Plan};

/// The instances that have a flag `may_leave`; the flag is the global of that index.
pub(super) fn flags(plan: &Plan<'_>, facts: &Facts) -> IndexSet<InstanceId> {
    plan.instances.keys().filter(|&instance| facts.may_leave[instance].exists()).collect()
}

/// The module, unless there is no state.
pub(super) fn state(plan: &Plan<'_>, flags: &IndexSet<InstanceId>) -> Option<Shim> {
    if flags.is_empty() {
        return None;
    }
    let mut globals = GlobalSection::new();
    let mut exports = ExportSection::new();
    for (i, &instance) in flags.iter().enumerate() {
        let ty = GlobalType { val_type: ValType::I32, mutable: true, shared: false };
        globals.global(ty, &ConstExpr::i32_const(1));
        exports.export(
            &format!("may-leave of {}", plan.path(instance)),
            ExportKind::Global,
            i as u32,
        );
    }
    let mut module = Module::new();
    module.section(&globals).section(&exports);
    Some(Shim {
        name: "state".into(),
        bytes: module.finish(),
        imports: Vec::new(),
        exports: BTreeMap::new(),
        after: 0,
        kind: ShimKind::State,
    })
}
