//! Writes the module of a block.
//!
//! The sections are made in the order in which they stand in the module, except for the types,
//! which are numbered as the other sections mention them and are put in front at the end. So what stands
//! before the code is made when the code is there.

use wasm_encoder::{DataCountSection, Section, SectionId, StartSection};

use super::code::Code;
use super::encoder::{Encoder, Input};
use super::{hints, names};
use crate::code::leb;
use crate::{CodeMap, Counts, Import, MemoryInfo, Names, Opcodes, Options, Result, Start};

/// A block's module.
pub struct Encoded {
    pub bytes: Vec<u8>,
    pub imports: Vec<Import>,
    pub start: Option<String>,
    pub memories: Vec<MemoryInfo>,
    pub counts: Counts,
    pub map: CodeMap,
    pub opcodes: Opcodes,
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
    let code = encoder.code()?;
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
    let hints = hints::section(input, &code.map);
    put(&mut module, &hints, hints.len());
    let (mut bytes, map, opcodes) = with_code(module.finish(), code);
    data.append_to(&mut bytes);
    if options.names == Names::Keep {
        names::section(input)?.append_to(&mut bytes);
    }
    Ok(Encoded {
        bytes,
        imports: imported,
        start: exported_start,
        memories: memory_infos,
        counts,
        map,
        opcodes,
    })
}

/// A module and its code, which is not written a second time: it is moved to make room.
fn with_code(mut module: Vec<u8>, code: Code) -> (Vec<u8>, CodeMap, Opcodes) {
    let Code { count, mut bytes, map, opcodes } = code;
    if count == 0 {
        return (module, map, opcodes);
    }
    module.push(SectionId::Code.into());
    leb::put(bytes.len() as u64, &mut module);
    bytes.splice(0..0, module);
    (bytes, map, opcodes)
}

/// Writes a section that has entries.
fn put(module: &mut wasm_encoder::Module, section: &impl Section, entries: u32) {
    if entries > 0 {
        module.section(section);
    }
}
