//! Which opcodes code has, whatever they are applied to, of those that came after the first version of
//! WebAssembly.
//!
//! Who has to know what an engine must support need not decode instructions: an opcode says which
//! proposal it came with. They are noted as code is copied, which looks at each of these anyway. The one
//! thing that it does not say is whether a block has a type of its own.

use wasmparser::FunctionBody;

use super::opcode::{self, PREFIXES};
use super::{Code, Visitor};
use crate::Result;

/// Opcodes that have been seen. Of those of the first version, some may be there, too.
#[derive(Clone, Debug)]
pub struct Opcodes {
    single: [bool; 0x100],
    prefixed: [[bool; opcode::MOST_PREFIXED]; PREFIXES.len()],
    typed_blocks: bool,
}

impl Default for Opcodes {
    fn default() -> Self {
        Opcodes {
            single: [false; 0x100],
            prefixed: [[false; opcode::MOST_PREFIXED]; PREFIXES.len()],
            typed_blocks: false,
        }
    }
}

impl Opcodes {
    /// Adds those of a body.
    ///
    /// # Errors
    ///
    /// Code that is not valid may be one.
    pub fn add(&mut self, body: &FunctionBody<'_>) -> Result<()> {
        Code::of_body(body)?.walk(self)
    }

    /// Those of one byte.
    pub fn single(&self) -> impl Iterator<Item = u8> {
        (0..=0xff).filter(|opcode| self.single[usize::from(*opcode)])
    }

    /// Those with a prefix, which comes first.
    pub fn prefixed(&self) -> impl Iterator<Item = (u8, u32)> {
        PREFIXES.iter().zip(&self.prefixed).flat_map(|(prefix, seen)| {
            (0..).zip(seen).filter(|(_, seen)| **seen).map(|(opcode, _)| (*prefix, opcode))
        })
    }

    /// Whether there is a block whose type is an index.
    pub fn has_typed_blocks(&self) -> bool {
        self.typed_blocks
    }
}

impl Visitor for Opcodes {
    #[inline]
    fn opcode(&mut self, opcode: u8) {
        self.single[usize::from(opcode)] = true;
    }

    fn prefixed_opcode(&mut self, prefix: u8, opcode: u32) {
        let page = usize::from(prefix - PREFIXES[0]);
        self.prefixed[page][opcode as usize] = true;
    }

    fn typed_block(&mut self) {
        self.typed_blocks = true;
    }
}
