//! A shim module under construction.
//!
//! Code asks for what it needs by what it *is* (a [`Need`]: this callee, that memory), and gets an
//! index. The module's imports are the needs that were asked for, in order of first use. Functions
//! of the module itself are known by a [`FuncId`] as soon as they are declared, and get an index
//! when the module is finished. So nobody counts indices by hand.

use cranelift_entity::PrimaryMap;
use wasm_encoder::{
    CodeSection, ConstExpr, ElementSection, Elements, EntityType, ExportKind, ExportSection,
    FunctionSection, GlobalType, ImportSection, MemoryType, Module, NameMap, NameSection, RefType,
    StartSection, TableType, TypeSection,
};
use wasm_fuser_merge::hash::{HashMap, HashSet};

use super::body::{Body, Callee, FuncId};
use super::needs::{Memory, Need};
use crate::analyse::State;
use crate::core::FuncType;

/// A shim module under construction.
#[derive(Debug, Default)]
pub struct Builder {
    types: HashSet<FuncType>,
    funcs: HashMap<Need, (u32, String)>,
    memories: HashMap<Need, MemoryType>,
    state: HashSet<State>,
    own: PrimaryMap<FuncId, Own>,
    /// Whether it imports the table of functions.
    table: bool,
    /// What it puts there, and where.
    elements: Vec<(u32, Callee)>,
    start: Option<FuncId>,
    code_bytes: u64,
}

#[derive(Debug)]
struct Own {
    ty: u32,
    name: String,
    export: bool,
    body: Option<Body>,
}

/// A finished shim module.
#[derive(Debug)]
pub struct Built {
    /// The module.
    pub bytes: Vec<u8>,
    /// What each import is, in order.
    pub imports: Vec<Need>,
    /// Index and code size of each function.
    pub funcs: PrimaryMap<FuncId, (u32, u32)>,
}

impl Builder {
    /// The index of an imported function.
    pub fn func(&mut self, need: Need, ty: FuncType, name: impl FnOnce() -> String) -> Callee {
        let entry = self.funcs.entry(need);
        let index = entry.index() as u32;
        entry.or_insert_with(|| (self.types.insert_full(ty).0 as u32, name()));
        Callee::Imported(index)
    }

    /// The index of an imported memory.
    pub fn memory(&mut self, memory: Memory, ty: MemoryType) -> u32 {
        let entry = self.memories.entry(Need::Memory(memory));
        let index = entry.index() as u32;
        entry.or_insert(ty);
        index
    }

    /// The index of an imported global.
    pub fn state(&mut self, state: State) -> u32 {
        self.state.insert_full(state).0 as u32
    }

    /// Declares a function, whose body is to be given.
    pub fn declare(&mut self, name: impl Into<String>, ty: FuncType) -> FuncId {
        let ty = self.types.insert_full(ty).0 as u32;
        self.own.push(Own { ty, name: name.into(), export: false, body: None })
    }

    /// Gives the body of a declared function.
    pub fn define(&mut self, func: FuncId, body: Body) {
        self.code_bytes += body.len() as u64;
        self.own[func].body = Some(body);
    }

    /// Exports a function, under its name.
    pub fn export(&mut self, func: FuncId) {
        self.own[func].export = true;
    }

    /// Puts a function into the table, at a place.
    pub fn element(&mut self, place: u32, func: Callee) {
        self.table = true;
        self.elements.push((place, func));
    }

    /// Calls a function of the table: its place is on the stack, on top of its arguments.
    pub fn call_indirect(&mut self, body: &mut Body, ty: FuncType) {
        self.table = true;
        let ty = self.types.insert_full(ty).0 as u32;
        body.ins().call_indirect(0, ty);
    }

    /// Chooses the start function.
    pub fn start(&mut self, func: FuncId) {
        self.start = Some(func);
    }

    /// Bytes of code so far.
    pub fn code_bytes(&self) -> u64 {
        self.code_bytes
    }

    /// Encodes the module.
    pub fn finish(self, name: &str) -> Built {
        let mut types = TypeSection::new();
        for ty in &self.types {
            types.ty().func_type(ty);
        }
        let mut imports = ImportSection::new();
        let mut names = NameMap::new();
        for (i, (ty, name)) in self.funcs.values().enumerate() {
            imports.import("func", &i.to_string(), EntityType::Function(*ty));
            names.append(i as u32, name);
        }
        for (i, ty) in self.memories.values().enumerate() {
            imports.import("memory", &i.to_string(), EntityType::Memory(*ty));
        }
        if self.table {
            imports.import("table", "0", EntityType::Table(function_table(0)));
        }
        for (i, state) in self.state.iter().enumerate() {
            imports.import("state", &i.to_string(), EntityType::Global(global_type(*state)));
        }
        let imported = self.funcs.len() as u32;
        let mut functions = FunctionSection::new();
        let mut exports = ExportSection::new();
        let mut code = CodeSection::new();
        let mut funcs = PrimaryMap::new();
        for (id, own) in self.own {
            let index = imported + id.as_u32();
            functions.function(own.ty);
            names.append(index, &own.name);
            if own.export {
                exports.export(&own.name, ExportKind::Func, index);
            }
            // A declared function without a body is a defect of the generator, which validation
            // reports: it ends without the results that its type promises.
            let body = own.body.unwrap_or_else(|| Body::new(&[])).encode(imported);
            funcs.push((index, body.len() as u32));
            code.raw(&body);
        }
        let mut elements = ElementSection::new();
        for (place, func) in &self.elements {
            let func = match func {
                Callee::Own(func) => imported + func.as_u32(),
                Callee::Imported(index) => *index,
            };
            let funcs = [func];
            let funcs = Elements::Functions(funcs.as_slice().into());
            elements.active(Some(0), &ConstExpr::i32_const(*place as i32), funcs);
        }
        let mut section = NameSection::new();
        section.module(name);
        section.functions(&names);
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&functions).section(&exports);
        if let Some(start) = self.start {
            module.section(&StartSection { function_index: imported + start.as_u32() });
        }
        if !elements.is_empty() {
            module.section(&elements);
        }
        module.section(&code).section(&section);
        let memories = self.memories.into_iter().map(|(need, _)| need);
        let imports = self.funcs.into_iter().map(|(need, _)| need).chain(memories);
        let imports = imports.chain(self.table.then_some(Need::Functions));
        let imports = imports.chain(self.state.into_iter().map(Need::State));
        Built { bytes: module.finish(), imports: imports.collect(), funcs }
    }
}

/// The type of a table of functions.
pub fn function_table(minimum: u32) -> TableType {
    TableType {
        element_type: RefType::FUNCREF,
        table64: false,
        minimum: minimum.into(),
        maximum: None,
        shared: false,
    }
}

/// The type of a global of the state.
pub fn global_type(state: State) -> GlobalType {
    let mutable = !matches!(state, State::Base(_));
    GlobalType { val_type: state.ty(), mutable, shared: false }
}
