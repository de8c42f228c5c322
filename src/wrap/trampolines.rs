//! Trampolines: lowered imports of a module that is not instantiated yet.
//!
//! # Problem
//!
//! To lower an import whose type has pointers, the engine needs the memory and the `realloc` of the
//! fused module; but the fused module imports the lowered function, so it has to exist first.
//!
//! # How
//!
//! As `wit-component` does it: a *trampoline* module with a table, and a function per import that
//! calls through the table, is instantiated first and given to the fused module; once that
//! exists the imports are lowered, and a *fixup* module puts them into the table when it is
//! instantiated.
//!
//! A guest's start function may call the boundary. It would find the table empty, so where there are
//! trampolines the fused module has no start section: it exports its start function, and the fixup
//! calls it, after its active segment has filled the table.

use wasm_encoder::{
    CodeSection, ConstExpr, ElementSection, Elements, EntityType, ExportKind, ExportSection,
    Function, FunctionSection, ImportSection, Module, RefType, StartSection, TableSection,
    TableType, TypeSection,
};

use crate::core::FuncType;

/// The name of the table in both modules.
pub(super) const TABLE: &str = "table";
/// The name under which the fixup imports the start function.
pub(super) const START: &str = "start";

/// The trampoline module: exports the table, and function `i` as `"i"`.
pub(super) fn trampolines(funcs: &[FuncType]) -> Module {
    let mut types = TypeSection::new();
    let mut functions = FunctionSection::new();
    let mut exports = ExportSection::new();
    let mut code = CodeSection::new();
    for (i, ty) in funcs.iter().enumerate() {
        let index = i as u32;
        types.ty().func_type(ty);
        functions.function(index);
        exports.export(&i.to_string(), ExportKind::Func, index);
        let mut body = Function::new([]);
        for param in 0..ty.params().len() {
            body.instructions().local_get(param as u32);
        }
        body.instructions().i32_const(index as i32).call_indirect(0, index).end();
        code.function(&body);
    }
    exports.export(TABLE, ExportKind::Table, 0);
    let mut tables = TableSection::new();
    tables.table(table(funcs.len()));
    let mut module = Module::new();
    module.section(&types).section(&functions).section(&tables).section(&exports).section(&code);
    module
}

/// A fixup module: imports the table, of this length, the functions that it puts there, each under the
/// number of its slot, and the start function, if any.
pub(super) fn fixup(funcs: &[(u32, FuncType)], length: usize, start: bool) -> Module {
    let mut types = TypeSection::new();
    let mut imports = ImportSection::new();
    for (i, (slot, ty)) in funcs.iter().enumerate() {
        types.ty().func_type(ty);
        imports.import("", &slot.to_string(), EntityType::Function(i as u32));
    }
    let count = funcs.len() as u32;
    let mut module = Module::new();
    if start {
        types.ty().function([], []);
        imports.import("", START, EntityType::Function(count));
    }
    if count > 0 {
        imports.import("", TABLE, EntityType::Table(table(length)));
    }
    module.section(&types).section(&imports);
    if start {
        module.section(&StartSection { function_index: count });
    }
    if count > 0 {
        // A segment for each run of slots.
        let mut elements = ElementSection::new();
        let all: Vec<u32> = (0..count).collect();
        let mut rest = funcs;
        while let Some((first, _)) = rest.first() {
            let run =
                rest.iter().zip(*first..).take_while(|((slot, _), next)| slot == next).count();
            let from = funcs.len() - rest.len();
            let offset = ConstExpr::i32_const(first.cast_signed());
            elements.active(None, &offset, Elements::Functions(all[from..from + run].into()));
            rest = &rest[run..];
        }
        module.section(&elements);
    }
    module
}

fn table(length: usize) -> TableType {
    TableType {
        element_type: RefType::FUNCREF,
        table64: false,
        minimum: length as u64,
        maximum: Some(length as u64),
        shared: false,
    }
}
