//! A shim module under construction.
//!
//! The code of a shim asks for what it needs by what it *is* (a [`Need`]: this callee, that
//! memory), and gets an index; the module's imports are the needs that were asked for, in order of
//! first use. Functions of the module itself are known by a [`FuncId`] from the moment they are
//! declared, and get an index when the module is finished: a [`Body`] keeps its calls apart from
//! its other bytes until then. Nobody counts indices by hand.

use cranelift_entity::PrimaryMap;
use indexmap::{IndexMap, IndexSet};
use wasm_encoder::{
    CodeSection, EntityType, ExportKind, ExportSection, FunctionSection, ImportSection,
    InstructionSink, MemoryType, Module, NameMap, NameSection, TypeSection, ValType,
};

use super::state::State;
use crate::analyse::ExternalId;
use crate::ids::id;
use crate::plan::{CoreEntity, CoreFunc, InstanceId, StringEncoding};
use crate::runtime::{BridgeOp, HandleOp, Routine, RunOp, Step};

id! {
    /// A function of a shim module.
    pub struct FuncId("func");
}

/// Something outside that a shim uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Need {
    /// A core function of a guest.
    Func(CoreFunc),
    /// A function of the boundary.
    External(ExternalId),
    /// A routine of the runtime library, for a memory.
    Routine(Routine, Memory),
    /// A routine that moves a run of code units from one memory to another.
    Run(RunOp, Runs),
    /// An operation of the bridge.
    Bridge(BridgeOp),
    /// The function that transcodes strings between two ends, to an encoding.
    Transcode(StringEncoding, Transcoder),
    /// The function that allocates at an end, checked.
    Reallocate(Allocator),
    /// A linear memory.
    Memory(Memory),
    /// An operation of a component instance's handle table.
    Handles(HandleOp, InstanceId),
    /// A global of the state.
    State(State),
}

/// A linear memory that values lie in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Memory {
    /// Of a guest.
    Guest(CoreEntity),
    /// The bridge's.
    Bridge,
}

/// Where values are allocated, and by whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Allocator {
    /// In a guest's memory.
    Guest {
        /// The memory.
        memory: CoreEntity,
        /// Its allocation function.
        realloc: CoreFunc,
        /// The instance whose function that is.
        owner: InstanceId,
    },
    /// In the bridge.
    Bridge,
}

impl Allocator {
    /// The memory.
    pub fn memory(self) -> Memory {
        match self {
            Allocator::Guest { memory, .. } => Memory::Guest(memory),
            Allocator::Bridge => Memory::Bridge,
        }
    }
}

/// Between which memories runs of code units are moved, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Runs {
    /// How much in one step.
    pub step: Step,
    /// The memory that is read.
    pub from: Memory,
    /// The memory that is written.
    pub to: Memory,
}

/// Between which ends strings are transcoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Transcoder {
    /// The memory that is read.
    pub from: Memory,
    /// Where the result goes.
    pub to: Allocator,
}

/// A core function type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CoreType {
    /// Parameters.
    pub params: Vec<ValType>,
    /// Results.
    pub results: Vec<ValType>,
}

impl CoreType {
    /// A type from its parts.
    pub fn new(params: impl Into<Vec<ValType>>, results: impl Into<Vec<ValType>>) -> Self {
        CoreType { params: params.into(), results: results.into() }
    }
}

/// A function to call: one of the module's own, or an imported one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Callee {
    /// Of this module.
    Own(FuncId),
    /// The import of that index.
    Imported(u32),
}

/// A shim module under construction.
#[derive(Debug, Default)]
pub struct Builder {
    types: IndexSet<CoreType>,
    funcs: IndexMap<Need, (u32, String)>,
    memories: IndexMap<Need, MemoryType>,
    state: IndexSet<State>,
    own: PrimaryMap<FuncId, Own>,
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
    pub fn func(&mut self, need: Need, ty: CoreType, name: impl FnOnce() -> String) -> Callee {
        let ty = self.types.insert_full(ty).0 as u32;
        let entry = self.funcs.entry(need);
        let index = entry.index() as u32;
        entry.or_insert_with(|| (ty, name()));
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
    pub fn declare(&mut self, name: impl Into<String>, ty: CoreType) -> FuncId {
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

    /// Bytes of code so far.
    pub fn code_bytes(&self) -> u64 {
        self.code_bytes
    }

    /// Encodes the module.
    pub fn finish(self, name: &str) -> Built {
        let mut types = TypeSection::new();
        for ty in &self.types {
            types.ty().function(ty.params.iter().copied(), ty.results.iter().copied());
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
        for (i, state) in self.state.iter().enumerate() {
            imports.import("state", &i.to_string(), EntityType::Global(state.ty()));
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
        let mut section = NameSection::new();
        section.module(name);
        section.functions(&names);
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&functions).section(&exports);
        module.section(&code).section(&section);
        let imports = self.funcs.into_keys().chain(self.memories.into_keys());
        let imports = imports.chain(self.state.into_iter().map(Need::State));
        Built { bytes: module.finish(), imports: imports.collect(), funcs }
    }
}

/// A local variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Local {
    /// Its index.
    pub index: u32,
    /// Its type.
    pub ty: ValType,
}

/// The body of a function.
#[derive(Debug)]
pub struct Body {
    params: u32,
    locals: Vec<ValType>,
    free: Vec<Local>,
    done: Vec<Piece>,
    bytes: Vec<u8>,
}

#[derive(Debug)]
enum Piece {
    Bytes(Vec<u8>),
    Call(Callee),
}

impl Body {
    /// An empty body.
    pub fn new(params: &[ValType]) -> Self {
        Body {
            params: params.len() as u32,
            locals: Vec::new(),
            free: Vec::new(),
            done: Vec::new(),
            bytes: Vec::new(),
        }
    }

    /// A local variable. Its value is what was last in it.
    pub fn local(&mut self, ty: ValType) -> Local {
        if let Some(i) = self.free.iter().position(|local| local.ty == ty) {
            return self.free.swap_remove(i);
        }
        self.locals.push(ty);
        Local { index: self.params + self.locals.len() as u32 - 1, ty }
    }

    /// Gives a local variable back.
    pub fn free(&mut self, local: Local) {
        debug_assert!(!self.free.contains(&local));
        self.free.push(local);
    }

    /// Takes an instruction.
    pub fn ins(&mut self) -> InstructionSink<'_> {
        InstructionSink::new(&mut self.bytes)
    }

    /// Pushes a constant of the core type of pointers.
    pub fn pointer_const(&mut self, pointer: ValType, value: u64) {
        match pointer {
            ValType::I64 => self.ins().i64_const(value as i64),
            _ => self.ins().i32_const(value as i32),
        };
    }

    /// Adds a pointer and an offset, which have both that core type.
    pub fn pointer_add(&mut self, pointer: ValType) {
        match pointer {
            ValType::I64 => self.ins().i64_add(),
            _ => self.ins().i32_add(),
        };
    }

    /// Compares two pointers of that core type.
    pub fn pointer_eq(&mut self, pointer: ValType) {
        match pointer {
            ValType::I64 => self.ins().i64_eq(),
            _ => self.ins().i32_eq(),
        };
    }

    /// Turns the `i32` on the stack, a size, into a number of the core type of pointers.
    pub fn widen_size(&mut self, pointer: ValType) {
        if pointer == ValType::I64 {
            self.ins().i64_extend_i32_u();
        }
    }

    /// Turns the pointer or length on the stack into an `i64`.
    pub fn widen_pointer(&mut self, pointer: ValType) {
        if pointer != ValType::I64 {
            self.ins().i64_extend_i32_u();
        }
    }

    /// Calls a function.
    pub fn call(&mut self, callee: Callee) {
        self.done.push(Piece::Bytes(std::mem::take(&mut self.bytes)));
        self.done.push(Piece::Call(callee));
    }

    fn len(&self) -> usize {
        let pieces = self.done.iter().map(|piece| match piece {
            Piece::Bytes(bytes) => bytes.len(),
            Piece::Call(_) => 3,
        });
        self.bytes.len() + pieces.sum::<usize>()
    }

    /// The bytes of a code section's entry, without their length; ends the function.
    fn encode(mut self, imported: u32) -> Vec<u8> {
        self.ins().end();
        let mut groups: Vec<(u32, ValType)> = Vec::new();
        for &ty in &self.locals {
            match groups.last_mut() {
                Some((count, last)) if *last == ty => *count += 1,
                _ => groups.push((1, ty)),
            }
        }
        let mut function = wasm_encoder::Function::new(groups);
        for piece in self.done {
            match piece {
                Piece::Bytes(bytes) => function.raw(bytes),
                Piece::Call(callee) => {
                    let index = match callee {
                        Callee::Own(func) => imported + func.as_u32(),
                        Callee::Imported(index) => index,
                    };
                    function.instruction(&wasm_encoder::Instruction::Call(index))
                }
            };
        }
        function.raw(self.bytes);
        function.into_raw_body()
    }
}
