//! What a core module imports and exports.
//!
//! The stages between `decode` and `merge` treat a module as a black box with typed holes: they
//! need the names of its imports once (to resolve them), the names of its exports once, and the
//! types of its memories, tables and tags. Code is only looked at for how it catches exceptions, and
//! only where there are tags.

use wasm_fuser_merge::Notes;
use wasm_fuser_merge::hash::HashMap;
use wasmparser::{
    ElementItems, MemoryType, Name, NameSectionReader, Operator, Parser, Payload, TableType,
    TypeRef,
};

use super::{COVERAGE, DEBUG, custom, malformed, sections};
use crate::core::EntityKind;
use crate::error::Result;

/// A core module.
#[derive(Clone, Debug)]
pub struct Module<'a> {
    /// Its bytes.
    pub bytes: &'a [u8],
    /// What was noted of its code when it was validated.
    pub notes: Option<&'a Notes>,
    /// What its name section calls it.
    pub name: Option<&'a str>,
    /// Its imports, in order.
    pub imports: Vec<ModuleImport<'a>>,
    /// Its exports by name.
    pub exports: HashMap<&'a str, (EntityKind, u32)>,
    /// The types of its memories, imported ones first.
    pub memories: Vec<MemoryType>,
    /// The types of its tables, imported ones first.
    pub tables: Vec<TableType>,
    /// Functions that it defines.
    pub functions: u32,
    /// Whatever it imports and defines.
    pub definitions: usize,
    /// Whether its code could throw an exception that it or another module has defined: it has a
    /// tag, its own or imported.
    pub has_tags: bool,
    /// Whether it catches exceptions with the instructions of the specification.
    pub has_try_table: bool,
    /// Whether it does with those of the proposal before it.
    pub has_try: bool,
    /// Whether it has a start function.
    pub has_start: bool,
    /// Its custom sections that tools after the fuser read.
    pub custom: Vec<(&'a str, &'a [u8])>,
    /// Its sections with debug information.
    pub debug: Vec<(&'a str, &'a [u8])>,
    /// Its sections about coverage.
    pub coverage: Vec<(&'a str, &'a [u8])>,
}

/// An import of a core module.
#[derive(Clone, Copy, Debug)]
pub struct ModuleImport<'a> {
    /// The first name.
    pub module: &'a str,
    /// The second name.
    pub name: &'a str,
}

/// Reads a validated core module.
pub fn module(bytes: &[u8]) -> Result<Module<'_>> {
    let mut module = Module {
        bytes,
        notes: None,
        name: None,
        imports: Vec::new(),
        exports: HashMap::new(),
        memories: Vec::new(),
        tables: Vec::new(),
        functions: 0,
        definitions: 0,
        has_tags: false,
        has_try_table: false,
        has_try: false,
        has_start: false,
        custom: Vec::new(),
        debug: Vec::new(),
        coverage: Vec::new(),
    };
    for payload in sections(bytes) {
        let payload = payload.map_err(malformed)?;
        module.definitions += definitions(&payload)?;
        match payload {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import.map_err(malformed)?;
                    module.import(import);
                }
            }
            Payload::FunctionSection(section) => module.functions = section.count(),
            Payload::MemorySection(section) => {
                for memory in section {
                    module.memories.push(memory.map_err(malformed)?);
                }
            }
            Payload::TableSection(section) => {
                for table in section {
                    module.tables.push(table.map_err(malformed)?.ty);
                }
            }
            Payload::TagSection(section) => module.has_tags |= section.count() > 0,
            Payload::StartSection { .. } => module.has_start = true,
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export.map_err(malformed)?;
                    module.exports.insert(export.name, (export.kind.into(), export.index));
                }
            }
            Payload::CustomSection(section) => {
                module.custom.extend(custom(&section));
                if section.name().starts_with(DEBUG) {
                    module.debug.push((section.name(), section.data()));
                }
                if section.name().starts_with(COVERAGE) {
                    module.coverage.push((section.name(), section.data()));
                }
                if section.name() == "name" {
                    let names = NameSectionReader::new(section.data_reader());
                    module.name = names.into_iter().flatten().find_map(|name| match name {
                        Name::Module { name, .. } => Some(name),
                        _ => None,
                    });
                }
            }
            _ => {}
        }
    }
    if module.has_tags {
        module.look_for_catches()?;
    }
    Ok(module)
}

impl Module<'_> {
    /// Finds out how its code catches exceptions.
    fn look_for_catches(&mut self) -> Result<()> {
        for payload in Parser::new(0).parse_all(self.bytes) {
            let Payload::CodeSectionEntry(body) = payload.map_err(malformed)? else { continue };
            for operator in body.get_operators_reader().map_err(malformed)? {
                match operator.map_err(malformed)? {
                    Operator::TryTable { .. } => self.has_try_table = true,
                    Operator::Try { .. } => self.has_try = true,
                    _ => {}
                }
            }
        }
        Ok(())
    }

    /// How much debug information it has.
    pub fn debug_bytes(&self) -> u64 {
        self.debug.iter().map(|(_, data)| data.len() as u64).sum()
    }
}

/// How many definitions are in a section; the elements of a segment are some, too.
fn definitions(payload: &Payload<'_>) -> Result<usize> {
    let count = match payload {
        Payload::TypeSection(section) => section.count(),
        Payload::ImportSection(section) => section.count(),
        Payload::FunctionSection(section) => section.count(),
        Payload::TableSection(section) => section.count(),
        Payload::MemorySection(section) => section.count(),
        Payload::TagSection(section) => section.count(),
        Payload::GlobalSection(section) => section.count(),
        Payload::ExportSection(section) => section.count(),
        Payload::ElementSection(section) => {
            let mut elements = section.count() as usize;
            for segment in section.clone() {
                elements += match segment.map_err(malformed)?.items {
                    ElementItems::Functions(functions) => functions.count() as usize,
                    ElementItems::Expressions(_, expressions) => expressions.count() as usize,
                };
            }
            return Ok(elements);
        }
        Payload::DataSection(section) => section.count(),
        _ => 0,
    };
    Ok(count as usize)
}

impl<'a> Module<'a> {
    fn import(&mut self, import: wasmparser::Import<'a>) {
        match import.ty {
            TypeRef::Memory(ty) => self.memories.push(ty),
            TypeRef::Table(ty) => self.tables.push(ty),
            TypeRef::Tag(_) => self.has_tags = true,
            _ => {}
        }
        self.imports.push(ModuleImport { module: import.module, name: import.name });
    }
}
