//! Reads one core module: its sections as lists, and what each function body refers to.
//!
//! ```text
//! (func (call 3) (global.get 1) (call 3))   has the uses   [Func(3), Global(1)]
//! ```
//!
//! Which immediates of which instructions are indices is known to wasm-encoder's `Reencode`, so the
//! bodies are read by an implementation of it that changes nothing and writes down every index it
//! is asked about. The alternative, a list of our own of instructions that refer to something, would
//! be one more thing to extend with every proposal.
//!
//! Limits: all bodies are read, also those that turn out to be unreachable; a module that several
//! instances share is read once.

use cranelift_entity::PrimaryMap;
use wasm_encoder::reencode;
use wasm_encoder::reencode::Reencode;
use wasmparser::ConstExpr;
use wasmparser::Data;
use wasmparser::Element;
use wasmparser::ExternalKind;
use wasmparser::FunctionBody;
use wasmparser::Global;
use wasmparser::KnownCustom;
use wasmparser::MemoryType;
use wasmparser::NameSectionReader;
use wasmparser::Operator;
use wasmparser::Parser;
use wasmparser::Payload;
use wasmparser::RecGroup;
use wasmparser::Table;
use wasmparser::TagType;
use wasmparser::TypeRef;

use crate::EntityKind;
use crate::Link;
use crate::ModuleId;
use crate::error::Error;
use crate::error::Result;

/// A module, section by section. Lists hold definitions only; imports are in a list of their own.
pub struct Module<'a> {
    pub types: Vec<RecGroup>,
    pub imports: Vec<TypeRef>,
    /// What they are called.
    pub import_names: Vec<(&'a str, &'a str)>,
    /// The types of the defined functions.
    pub functions: Vec<u32>,
    pub tables: Vec<Table<'a>>,
    pub memories: Vec<MemoryType>,
    pub globals: Vec<Global<'a>>,
    pub tags: Vec<TagType>,
    pub elements: Vec<Element<'a>>,
    pub data: Vec<Data<'a>>,
    pub start: Option<u32>,
    /// Names, kinds and indices.
    pub exports: Vec<(&'a str, EntityKind, u32)>,
    pub bodies: Vec<FunctionBody<'a>>,
    pub names: Option<NameSectionReader<'a>>,
    /// Indices of tables that a body of this module can change.
    pub written_tables: Vec<u32>,
    uses: Uses,
}

/// Something that code or a constant expression refers to, by its index in the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Use {
    /// A function that is called.
    Call(u32),
    /// A function of which a reference is made.
    Reference(u32),
    Table(u32),
    Memory(u32),
    Global(u32),
    Tag(u32),
    Element(u32),
    Data(u32),
}

/// The uses of all bodies in one allocation.
#[derive(Default)]
struct Uses {
    list: Vec<Use>,
    /// Where the uses of each body end.
    ends: Vec<usize>,
}

impl Module<'_> {
    /// What a body refers to, each thing once.
    pub fn uses(&self, body: usize) -> &[Use] {
        let start = body.checked_sub(1).and_then(|b| self.uses.ends.get(b)).copied().unwrap_or(0);
        let end = self.uses.ends.get(body).copied().unwrap_or(start);
        &self.uses.list[start..end]
    }
}

/// Reads every module of a link.
pub fn read<'l>(link: &'l Link<'_>) -> Result<PrimaryMap<ModuleId, Module<'l>>> {
    link.modules.values().map(|bytes| read_module(bytes)).collect()
}

/// Reports bytes that the validator should have refused.
pub fn malformed(error: wasmparser::Error) -> Error {
    Error::internal(format!("a core module does not parse: {}", error.message())).at(error.offset())
}

/// What a constant expression refers to.
pub fn uses_of(expr: &ConstExpr<'_>) -> Result<Vec<Use>> {
    let mut scan = Scan::default();
    scan.const_expr(expr.clone()).map_err(unscannable)?;
    Ok(scan.found)
}

fn read_module(bytes: &[u8]) -> Result<Module<'_>> {
    let mut module = Module {
        types: Vec::new(),
        imports: Vec::new(),
        import_names: Vec::new(),
        functions: Vec::new(),
        tables: Vec::new(),
        memories: Vec::new(),
        globals: Vec::new(),
        tags: Vec::new(),
        elements: Vec::new(),
        data: Vec::new(),
        start: None,
        exports: Vec::new(),
        bodies: Vec::new(),
        names: None,
        written_tables: Vec::new(),
        uses: Uses::default(),
    };
    for payload in Parser::new(0).parse_all(bytes) {
        let payload = payload.map_err(malformed)?;
        read_payload(&mut module, payload)?;
    }
    if module.functions.len() != module.bodies.len() {
        return Err(Error::internal("a core module has not one body per function"));
    }
    scan_bodies(&mut module)?;
    Ok(module)
}

fn read_payload<'a>(module: &mut Module<'a>, payload: Payload<'a>) -> Result<()> {
    match payload {
        Payload::TypeSection(s) => module.types = collect(s)?,
        Payload::ImportSection(s) => {
            for import in s.into_imports() {
                let import = import.map_err(malformed)?;
                module.imports.push(import.ty);
                module.import_names.push((import.module, import.name));
            }
        }
        Payload::FunctionSection(s) => module.functions = collect(s)?,
        Payload::TableSection(s) => module.tables = collect(s)?,
        Payload::MemorySection(s) => module.memories = collect(s)?,
        Payload::TagSection(s) => module.tags = collect(s)?,
        Payload::GlobalSection(s) => module.globals = collect(s)?,
        Payload::StartSection { func, .. } => module.start = Some(func),
        Payload::ExportSection(s) => {
            for export in s {
                let export = export.map_err(malformed)?;
                module.exports.push((export.name, kind(export.kind), export.index));
            }
        }
        Payload::ElementSection(s) => module.elements = collect(s)?,
        Payload::DataSection(s) => module.data = collect(s)?,
        Payload::CodeSectionEntry(body) => module.bodies.push(body),
        Payload::CustomSection(s) => {
            if let KnownCustom::Name(names) = s.as_known() {
                module.names = Some(names);
            }
        }
        Payload::Version { encoding: wasmparser::Encoding::Module, .. }
        | Payload::DataCountSection { .. }
        | Payload::CodeSectionStart { .. }
        | Payload::End(_) => {}
        _ => return Err(Error::internal("a core module has a section that core modules have not")),
    }
    Ok(())
}

fn kind(kind: ExternalKind) -> EntityKind {
    match kind {
        ExternalKind::Func | ExternalKind::FuncExact => EntityKind::Func,
        ExternalKind::Table => EntityKind::Table,
        ExternalKind::Memory => EntityKind::Memory,
        ExternalKind::Global => EntityKind::Global,
        ExternalKind::Tag => EntityKind::Tag,
    }
}

fn collect<'a, T: wasmparser::FromReader<'a>>(
    section: wasmparser::SectionLimited<'a, T>,
) -> Result<Vec<T>> {
    section.into_iter().collect::<Result<_, _>>().map_err(malformed)
}

fn scan_bodies(module: &mut Module<'_>) -> Result<()> {
    let mut scan = Scan::default();
    for body in &module.bodies {
        let mut ops = body.get_operators_reader().map_err(malformed)?;
        while !ops.eof() {
            scan.parse_instruction(&mut ops).map_err(unscannable)?;
        }
        scan.found.sort_unstable();
        scan.found.dedup();
        module.uses.list.append(&mut scan.found);
        module.uses.ends.push(module.uses.list.len());
    }
    scan.written.sort_unstable();
    scan.written.dedup();
    module.written_tables = scan.written;
    Ok(())
}

/// A `Reencode` that writes down what it is asked about.
#[derive(Default)]
struct Scan {
    found: Vec<Use>,
    written: Vec<u32>,
}

fn unscannable(error: reencode::Error) -> Error {
    match error {
        reencode::Error::ParseError(error) => malformed(error),
        error => Error::internal(format!("a core module cannot be read: {error}")),
    }
}

impl Scan {
    fn note(&mut self, found: Use) {
        // Runs of the same use are the common case: a global that is the stack pointer, memory 0.
        if self.found.last() != Some(&found) {
            self.found.push(found);
        }
    }
}

impl Reencode for Scan {
    type Error = std::convert::Infallible;

    fn function_index(&mut self, index: u32) -> Result<u32, reencode::Error> {
        self.note(Use::Call(index));
        Ok(index)
    }

    fn table_index(&mut self, index: u32) -> Result<u32, reencode::Error> {
        self.note(Use::Table(index));
        Ok(index)
    }

    fn memory_index(&mut self, index: u32) -> Result<u32, reencode::Error> {
        self.note(Use::Memory(index));
        Ok(index)
    }

    fn global_index(&mut self, index: u32) -> Result<u32, reencode::Error> {
        self.note(Use::Global(index));
        Ok(index)
    }

    fn tag_index(&mut self, index: u32) -> Result<u32, reencode::Error> {
        self.note(Use::Tag(index));
        Ok(index)
    }

    fn element_index(&mut self, index: u32) -> Result<u32, reencode::Error> {
        self.note(Use::Element(index));
        Ok(index)
    }

    fn data_index(&mut self, index: u32) -> Result<u32, reencode::Error> {
        self.note(Use::Data(index));
        Ok(index)
    }

    fn instruction<'a>(
        &mut self,
        op: Operator<'a>,
    ) -> Result<wasm_encoder::Instruction<'a>, reencode::Error> {
        match op {
            Operator::RefFunc { function_index } => self.note(Use::Reference(function_index)),
            Operator::TableSet { table }
            | Operator::TableFill { table }
            | Operator::TableGrow { table }
            | Operator::TableInit { table, .. }
            | Operator::TableCopy { dst_table: table, .. }
            | Operator::TableAtomicSet { table_index: table, .. }
            | Operator::TableAtomicRmwXchg { table_index: table, .. }
            | Operator::TableAtomicRmwCmpxchg { table_index: table, .. } => {
                self.written.push(table)
            }
            _ => {}
        }
        reencode::utils::instruction(self, op)
    }
}
