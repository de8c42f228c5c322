//! Routines on memories whose pages have another size than most.
//!
//! A module of the runtime library imports a memory of ordinary pages. Merged, it gets the memory
//! that there is, but a shim is valid by itself, and can be instantiated by itself: then what it
//! imports has to be of the type that it is given. So its imports are written again.

use wasm_encoder::reencode::{Error as Reencoded, Reencode};
use wasm_encoder::{MemoryType, Module};
use wasmparser::Parser;

use super::builder::Need;
use super::memory::memory_type;
use crate::error::{Error, Result};
use crate::plan::Plan;

/// A module of the library, as it is for the memories among its imports.
pub(super) fn on_memories(plan: &Plan<'_>, module: &[u8], imports: &[Need]) -> Result<Vec<u8>> {
    let memories = imports.iter().filter_map(|need| match need {
        Need::Memory(memory) => Some(memory_type(plan, *memory)),
        _ => None,
    });
    let memories = memories.collect::<Result<Vec<_>>>()?;
    if memories.iter().all(|ty| ty.page_size_log2.is_none()) {
        return Ok(module.to_vec());
    }
    let mut result = Module::new();
    Memories(memories.into_iter())
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
