//! The state of component instances: a module of globals (`analyse/state.rs` says which).

use std::collections::BTreeMap;

use wasm_encoder::{
    ConstExpr, ExportKind, ExportSection, GlobalSection, Module, TableSection, ValType,
};
use wasm_fuser_merge::hash::HashSet;

use super::code::{function_table, global_type};
use super::{Shim, ShimKind};
use crate::analyse::{State, Turn};
use crate::plan::Plan;

fn initial(state: State) -> ConstExpr {
    match state {
        State::MayLeave(_) => ConstExpr::i32_const(1),
        State::Task(_) | State::Base(_) | State::Current => ConstExpr::i32_const(0),
        State::Records(first) => ConstExpr::i32_const(first as i32),
        State::Slot(_) => ConstExpr::i64_const(0),
        State::Returned(_, _, ty) => match ty {
            ValType::I64 => ConstExpr::i64_const(0),
            ValType::F32 => ConstExpr::f32_const(0.0.into()),
            ValType::F64 => ConstExpr::f64_const(0.0.into()),
            _ => ConstExpr::i32_const(0),
        },
    }
}

fn name(state: State, plan: &Plan<'_>) -> String {
    match state {
        State::MayLeave(instance) => format!("may-leave of {}", plan.path(instance)),
        State::Base(memory) => format!("base of {memory}"),
        State::Task(instance) => format!("task of {}", plan.path(instance)),
        State::Records(_) => "records".into(),
        State::Current => "current task".into(),
        State::Slot(index) => format!("context {index}"),
        State::Returned(instance, index, ty) => {
            format!("result {index} of {} as {ty:?}", plan.path(instance))
        }
    }
}

/// The module, unless there is no state.
pub fn state(plan: &Plan<'_>, all: &HashSet<State>) -> Option<Shim> {
    if all.is_empty() {
        return None;
    }
    let mut globals = GlobalSection::new();
    let mut exports = ExportSection::new();
    for (i, state) in all.iter().enumerate() {
        globals.global(global_type(*state), &initial(*state));
        exports.export(&name(*state, plan), ExportKind::Global, i as u32);
    }
    let mut module = Module::new();
    module.section(&globals).section(&exports);
    Some(Shim {
        name: "state".into(),
        bytes: module.finish(),
        imports: Vec::new(),
        exports: BTreeMap::new(),
        after: 0,
        turn: Turn::InOrder,
        kind: ShimKind::State,
    })
}

/// The table of functions that tasks begin with, go on with and return by: whoever has one puts it there.
pub fn functions(places: u32) -> Shim {
    let mut tables = TableSection::new();
    tables.table(function_table(places));
    let mut exports = ExportSection::new();
    exports.export("table", ExportKind::Table, 0);
    let mut module = Module::new();
    module.section(&tables).section(&exports);
    Shim {
        name: "functions".into(),
        bytes: module.finish(),
        imports: Vec::new(),
        exports: BTreeMap::new(),
        after: 0,
        turn: Turn::InOrder,
        kind: ShimKind::Functions,
    }
}
