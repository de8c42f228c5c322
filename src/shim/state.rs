//! The state of component instances: a module of globals.
//!
//! Nothing but shims can reach these, so no guest can clear its own guard.

use std::collections::BTreeMap;

use indexmap::IndexSet;
use wasm_encoder::{
    ConstExpr, ExportKind, ExportSection, GlobalSection, GlobalType, Module, ValType,
};

use super::task::returned;
use super::{Shim, ShimKind};
use crate::analyse::Facts;
use crate::plan::{InstanceId, Plan};

/// A global.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// The flag `may_leave` of an instance.
    MayLeave(InstanceId),
    /// Which task of an instance runs, of those that return by `task.return` (see `task`).
    Task(InstanceId),
    /// A flat value that `task.return` was called with.
    Returned(InstanceId, u32, ValType),
}

impl State {
    /// Its type.
    pub fn ty(self) -> GlobalType {
        let val_type = match self {
            State::MayLeave(_) | State::Task(_) => ValType::I32,
            State::Returned(_, _, ty) => ty,
        };
        GlobalType { val_type, mutable: true, shared: false }
    }

    fn initial(self) -> ConstExpr {
        match self {
            State::MayLeave(_) => ConstExpr::i32_const(1),
            State::Task(_) => ConstExpr::i32_const(0),
            State::Returned(_, _, ty) => match ty {
                ValType::I64 => ConstExpr::i64_const(0),
                ValType::F32 => ConstExpr::f32_const(0.0.into()),
                ValType::F64 => ConstExpr::f64_const(0.0.into()),
                _ => ConstExpr::i32_const(0),
            },
        }
    }

    fn name(self, plan: &Plan<'_>) -> String {
        match self {
            State::MayLeave(instance) => format!("may-leave of {}", plan.path(instance)),
            State::Task(instance) => format!("task of {}", plan.path(instance)),
            State::Returned(instance, index, ty) => {
                format!("result {index} of {} as {ty:?}", plan.path(instance))
            }
        }
    }
}

/// All of them; each is the module's global of that index.
pub(super) fn globals(plan: &Plan<'_>, facts: &Facts) -> IndexSet<State> {
    let flags = plan.instances.keys().filter(|&instance| facts.may_leave[instance].exists());
    let mut globals: IndexSet<State> = flags.map(State::MayLeave).collect();
    for (lower, lift) in plan.crossings() {
        if plan.lifts[lift].options.async_ && !plan.is_reentrant(lower, lift) {
            globals.insert(State::Task(plan.lifts[lift].owner));
            globals.extend(returned(plan, facts, lift));
        }
    }
    globals
}

/// The module, unless there is no state.
pub(super) fn state(plan: &Plan<'_>, all: &IndexSet<State>) -> Option<Shim> {
    if all.is_empty() {
        return None;
    }
    let mut globals = GlobalSection::new();
    let mut exports = ExportSection::new();
    for (i, state) in all.iter().enumerate() {
        globals.global(state.ty(), &state.initial());
        exports.export(&state.name(plan), ExportKind::Global, i as u32);
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
