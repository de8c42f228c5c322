//! Routines on memories whose pages have another size than most.
//!
//! A module of the runtime library imports a memory of ordinary pages. Merged, it gets whatever
//! memory there is. But a shim is valid by itself, and can be instantiated by itself: then its
//! import has to have the type of the memory. So the import is written again.

use wasm_encoder::reencode::{Error as Reencoded, Reencode};
use wasm_encoder::{MemoryType, Module};
use wasmparser::Parser;

use crate::error::{Error, Result};

/// A module that imports memories, with other types of them: as many, in order.
pub fn with_memories(module: &[u8], types: Vec<MemoryType>) -> Result<Vec<u8>> {
    let mut result = Module::new();
    Memories(types.into_iter())
        .parse_core_module(&mut result, Parser::new(0), module)
        .map_err(|error| Error::internal(format!("a routine cannot be read: {error}")))?;
    Ok(result.finish())
}

/// The types that are still to be written.
struct Memories(std::vec::IntoIter<MemoryType>);

impl Reencode for Memories {
    type Error = Error;

    fn memory_type(
        &mut self,
        _: wasmparser::MemoryType,
    ) -> Result<MemoryType, Reencoded<Self::Error>> {
        let missing = || Error::internal("a routine has more memories than it is given");
        self.0.next().ok_or_else(|| Reencoded::UserError(missing()))
    }
}
