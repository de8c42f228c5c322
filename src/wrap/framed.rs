//! A component whose merged modules are missing yet, and that gets them.
//!
//! ```text
//! framed    header  types  imports  [module: empty]  instances  exports
//! filled    header  types  imports  [module: 5 MB ]  instances  exports
//! ```
//!
//! Merged modules are nearly all of a result. To copy one into it would take a second time as much memory,
//! when there is most of everything. So the component is written with holes, sections of core modules that are
//! empty, as none that is valid is; and in the end what is around a hole is put around the module, where that is.
//!
//! Limit: only the first of several modules stays where it is. The others are copied, and each goes as soon as
//! it has been.

use wasm_encoder::{ComponentSectionId, Encode};
use wasm_fuser_merge::{BlockCode, BlockId, Merged};
use wasmparser::BinaryReader;

use crate::decode::malformed;
use crate::error::{Error, Result};

/// Room for what is appended to a result: who made it, and what the root tells of itself.
const ROOM: usize = 4096;

/// A result in which the modules of some blocks are missing.
#[derive(Debug)]
pub struct Framed {
    bytes: Vec<u8>,
    /// The blocks, in the order of the holes.
    missing: Vec<BlockId>,
}

impl Framed {
    /// A result in which nothing is missing.
    pub fn whole(bytes: Vec<u8>) -> Framed {
        Framed { bytes, missing: Vec::new() }
    }

    /// A component with a hole for the module of each of these blocks.
    pub fn with_holes(bytes: Vec<u8>, missing: Vec<BlockId>) -> Framed {
        Framed { bytes, missing }
    }

    /// The result with all that was missing.
    pub fn filled(self, merged: Option<Merged>) -> Result<Vec<u8>> {
        let (Some(mut merged), false) = (merged, self.missing.is_empty()) else {
            return Ok(self.bytes);
        };
        let holes = holes(&self.bytes).map_err(malformed)?;
        if holes.len() != self.missing.len() {
            return Err(Error::internal("there is not one hole for each module"));
        }
        let mut result = Vec::new();
        let mut done = 0;
        for ((start, end), block) in holes.into_iter().zip(self.missing) {
            let block = merged.blocks.get_mut(block).map(|block| &mut block.code);
            let code = block.map(|code| std::mem::replace(code, BlockCode::Opaque));
            let Some(BlockCode::Module(mut module)) = code else {
                return Err(Error::internal("a module is missing that is not there"));
            };
            let mut before = self.bytes[done..start].to_vec();
            before.push(ComponentSectionId::CoreModule.into());
            module.len().encode(&mut before);
            if result.is_empty() {
                module.reserve_exact(before.len() + self.bytes.len() - end + ROOM);
                module.splice(0..0, before);
                result = module;
            } else {
                result.append(&mut before);
                result.append(&mut module);
            }
            done = end;
        }
        result.extend_from_slice(&self.bytes[done..]);
        Ok(result)
    }
}

/// Where the holes of a component begin and end.
fn holes(component: &[u8]) -> wasmparser::Result<Vec<(usize, usize)>> {
    let mut reader = BinaryReader::new(component, 0);
    let mut holes = Vec::new();
    // The magic number and the version.
    reader.read_bytes(8)?;
    while !reader.eof() {
        let start = reader.current_position();
        let id = reader.read_u8()?;
        let is_empty = reader.read_reader()?.eof();
        if is_empty && id == u8::from(ComponentSectionId::CoreModule) {
            holes.push((start, reader.current_position()));
        }
    }
    Ok(holes)
}
