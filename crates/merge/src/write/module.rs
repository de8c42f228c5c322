//! Writes the module of a block.
//!
//! The sections are made in the order in which they stand in the module, except for the types,
//! which are numbered as the other sections mention them and are put in front at the end.

use wasm_encoder::{DataCountSection, Section, StartSection};

use super::encoder::{Encoder, Input};
use super::{hints, names};
use crate::{CodeMap, Counts, Import, MemoryInfo, Names, Options, Result, Start};

/// A block's module.
pub struct Encoded {
    pub bytes: Vec<u8>,
    pub imports: Vec<Import>,
    pub start: Option<String>,
    pub memories: Vec<MemoryInfo>,
    pub counts: Counts,
    pub map: CodeMap,
}

/// Writes the module of a block.
pub fn encode(options: &Options, input: &Input<'_, '_>) -> Result<Encoded> {
    let mut encoder = Encoder::new(input);
    let (imports, imported) = encoder.imports()?;
    let functions = encoder.functions()?;
    let tables = encoder.tables()?;
    let (memories, memory_infos) = encoder.memories()?;
    let tags = encoder.tags()?;
    let globals = encoder.globals()?;
    let (exports, exported_start) = encoder.exports(&options.start)?;
    let elements = encoder.elements()?;
    let (code, map) = encoder.code()?;
    let data = encoder.data()?;

    let types = encoder.types.finish();
    let counts = Counts {
        types: types.len(),
        functions: functions.len(),
        tables: tables.len(),
        memories: memories.len(),
        tags: tags.len(),
        globals: globals.len(),
        exports: exports.len(),
        elements: elements.len(),
        data: data.len(),
    };

    let mut module = wasm_encoder::Module::new();
    put(&mut module, &types, types.len());
    put(&mut module, &imports, imports.len());
    put(&mut module, &functions, functions.len());
    put(&mut module, &tables, tables.len());
    put(&mut module, &memories, memories.len());
    put(&mut module, &tags, tags.len());
    put(&mut module, &globals, globals.len());
    put(&mut module, &exports, exports.len());
    if let (Start::Section, Some(function_index)) = (&options.start, input.layout.start()) {
        module.section(&StartSection { function_index });
    }
    put(&mut module, &elements, elements.len());
    if input.contents.data_in_bodies {
        module.section(&DataCountSection { count: data.len() });
    }
    let hints = hints::section(input, &map);
    put(&mut module, &hints, hints.len());
    put(&mut module, &code, code.len());
    drop(code);
    put(&mut module, &data, data.len());
    drop(data);
    if options.names == Names::Keep {
        module.section(&names::section(input)?);
    }
    Ok(Encoded {
        bytes: module.finish(),
        imports: imported,
        start: exported_start,
        memories: memory_infos,
        counts,
        map,
    })
}

/// Writes a section that has entries.
fn put(module: &mut wasm_encoder::Module, section: &impl Section, entries: u32) {
    if entries > 0 {
        module.section(section);
    }
}
