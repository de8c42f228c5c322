//! Reads a core module: its sections become lists.
//!
//! Limit: a module that several instances share is read once.

use std::borrow::Cow;

use cranelift_entity::PrimaryMap;
use wasmparser::{
    BinaryReader, BranchHintSectionReader, Chunk, CodeSectionReader, Data, Element, FromReader,
    FunctionBody, Global, MemoryType, NameSectionReader, Parser, Payload, RecGroup, SectionLimited,
    Table, TagType, TypeRef,
};

use super::malformed::malformed;
use super::notes::{Notes, Spot};
use super::uses::Use;
use crate::{EntityKind, Error, Link, ModuleId, Result};

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
    /// Where the contents of the code section begin.
    pub code: u64,
    /// What is likely, of which branches.
    pub hints: Option<BranchHintSectionReader<'a>>,
    pub names: Option<NameSectionReader<'a>>,
    notes: Cow<'a, Notes>,
}

impl Module<'_> {
    /// What a body refers to. Hardly anything is said twice.
    pub fn uses(&self, body: usize) -> &[Use] {
        self.notes.uses(body)
    }

    /// Which memories a body accesses, and how often.
    pub fn accesses(&self, body: usize) -> &[(u32, u32)] {
        self.notes.accesses(body)
    }

    /// The instructions of a body that may change when it is copied.
    pub fn spots(&self, body: usize) -> impl Iterator<Item = Spot> {
        self.notes.spots(body)
    }

    /// Indices of tables that a body of this module can change.
    pub fn written_tables(&self) -> impl Iterator<Item = u32> {
        self.notes.written_tables()
    }

    /// Indices of tables with which a body of this module does more than to call through them.
    pub fn named_tables(&self) -> impl Iterator<Item = u32> {
        self.notes.named_tables()
    }
}

/// Reads every module of a link.
pub fn modules<'l>(link: &'l Link<'_>) -> Result<PrimaryMap<ModuleId, Module<'l>>> {
    link.modules.iter().map(|(id, bytes)| read_module(bytes, link.notes[id])).collect()
}

fn read_module<'l>(bytes: &'l [u8], notes: Option<&'l Notes>) -> Result<Module<'l>> {
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
        code: 0,
        hints: None,
        names: None,
        notes: Cow::default(),
    };
    let mut parser = Parser::new(0);
    let mut rest = bytes;
    loop {
        let chunk = parser.parse(rest, true).map_err(malformed)?;
        let Chunk::Parsed { consumed, payload } = chunk else {
            return Err(Error::internal("a core module is cut off"));
        };
        rest = rest.get(consumed..).unwrap_or_default();
        match payload {
            Payload::End(_) => break,
            // As one section: each body would be a payload of its own.
            Payload::CodeSectionStart { unchecked_range: range, size, .. } => {
                parser.skip_section();
                let code = bytes.get(range.start as usize..range.end as usize).unwrap_or_default();
                let code = CodeSectionReader::new(BinaryReader::new(code, range.start));
                module.code = range.start;
                module.bodies = collect(code.map_err(malformed)?)?;
                rest = rest.get(size as usize..).unwrap_or_default();
            }
            payload => read_payload(&mut module, payload)?,
        }
    }
    if module.functions.len() != module.bodies.len() {
        return Err(Error::internal("a core module has not one body per function"));
    }
    module.notes = match notes {
        Some(notes) => Cow::Borrowed(notes),
        None => Cow::Owned(Notes::of(&module.bodies)?),
    };
    if module.notes.bodies() != module.bodies.len() {
        return Err(Error::internal("the notes of a core module are those of another one"));
    }
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
                module.exports.push((export.name, export.kind.into(), export.index));
            }
        }
        Payload::ElementSection(s) => module.elements = collect(s)?,
        Payload::DataSection(s) => module.data = collect(s)?,
        // (wasmparser's `as_known` would bring what reads all other kinds of sections along.)
        Payload::CustomSection(s) => match s.name() {
            "name" => module.names = Some(NameSectionReader::new(s.data_reader())),
            "metadata.code.branch_hint" => {
                let hints = BranchHintSectionReader::new(s.data_reader());
                module.hints = hints.ok().or(module.hints.take());
            }
            _ => {}
        },
        Payload::Version { encoding: wasmparser::Encoding::Module, .. }
        | Payload::DataCountSection { .. } => {}
        _ => return Err(Error::internal("a core module has a section that core modules have not")),
    }
    Ok(())
}

fn collect<'a, T: FromReader<'a>>(section: SectionLimited<'a, T>) -> Result<Vec<T>> {
    section.into_iter().collect::<Result<_, _>>().map_err(malformed)
}
