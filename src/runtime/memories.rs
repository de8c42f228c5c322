//! Modules of the runtime library, with what is known when a program is fused written into them: the types
//! of memories, and initial values of globals.
//!
//! A module of the library imports a memory of ordinary pages. Merged, it gets whatever memory there is. But
//! a shim is valid by itself, and can be instantiated by itself: then its import has to have the type of the
//! memory. So the import is written again. Code is copied as it is: it has neither.

use wasm_encoder::reencode::{Error as Reencoded, Reencode};
use wasm_encoder::{CodeSection, ConstExpr, MemoryType, Module};
use wasmparser::{CodeSectionReader, Parser};

use crate::error::{Error, Result};

/// A module with other types of its memories: as many, in order.
pub fn with_memories(module: &[u8], types: Vec<MemoryType>) -> Result<Vec<u8>> {
    with_sizes(module, types, &[])
}

/// The same, with other initial values of its first globals.
pub fn with_sizes(module: &[u8], types: Vec<MemoryType>, globals: &[u32]) -> Result<Vec<u8>> {
    let mut result = Module::new();
    Sizes { memories: types.into_iter(), globals: globals.iter() }
        .parse_core_module(&mut result, Parser::new(0), module)
        .map_err(|error| Error::internal(format!("a routine cannot be read: {error}")))?;
    Ok(result.finish())
}

/// A memory of ordinary pages, whatever its size.
pub fn ordinary() -> MemoryType {
    MemoryType { minimum: 0, maximum: None, memory64: false, shared: false, page_size_log2: None }
}

/// What is still to be written.
struct Sizes<'s> {
    memories: std::vec::IntoIter<MemoryType>,
    globals: std::slice::Iter<'s, u32>,
}

impl Reencode for Sizes<'_> {
    type Error = Error;

    fn memory_type(
        &mut self,
        _: wasmparser::MemoryType,
    ) -> Result<MemoryType, Reencoded<Self::Error>> {
        let missing = || Error::internal("a routine has more memories than it is given");
        self.memories.next().ok_or_else(|| Reencoded::UserError(missing()))
    }

    fn const_expr(
        &mut self,
        expr: wasmparser::ConstExpr<'_>,
    ) -> Result<ConstExpr, Reencoded<Self::Error>> {
        if let Some(value) = self.globals.next() {
            return Ok(ConstExpr::i32_const(value.cast_signed()));
        }
        let mut reader = expr.get_binary_reader();
        // The end is written by whoever writes the expression.
        let bytes = reader.read_bytes(reader.bytes_remaining().saturating_sub(1))?;
        Ok(ConstExpr::raw(bytes.iter().copied()))
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: CodeSectionReader<'_>,
    ) -> Result<(), Reencoded<Self::Error>> {
        for body in section {
            code.raw(body?.as_bytes());
        }
        Ok(())
    }
}
