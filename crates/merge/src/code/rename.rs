//! Single instructions, of another memory and another data segment.

use wasm_encoder::{Encode, Instruction};

use super::edit::Edit;
use super::opcode::Index;
use super::visitor::{Place, Span, Target, Visitor};
use super::walk::Code;
use crate::Result;

/// An instruction as it is written.
pub fn written(instruction: &Instruction<'_>) -> Vec<u8> {
    let mut bytes = Vec::new();
    instruction.encode(&mut bytes);
    bytes
}

/// The same instruction with other indices of what memories and data segments it names.
pub fn renamed(instruction: &[u8], memory: u32, data: u32) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let edit = Edit::new(instruction, &mut bytes, None);
    let mut rename = Rename { edit, memory, data };
    Code::of_bytes(instruction).walk(&mut rename)?;
    rename.edit.finish();
    Ok(bytes)
}

struct Rename<'r> {
    edit: Edit<'r>,
    memory: u32,
    data: u32,
}

impl Visitor for Rename<'_> {
    fn index(&mut self, what: Index, index: u32, span: Span) -> Result<()> {
        let new = match what {
            Index::Memory => self.memory,
            Index::Data => self.data,
            _ => index,
        };
        self.edit.index(span, index, new);
        Ok(())
    }

    fn place(&mut self, place: Place) -> Result<()> {
        let target = match place.target {
            Target::Memory(_) => self.memory,
            Target::Array(ty) => ty,
        };
        self.edit.place(&place, target, place.offset);
        Ok(())
    }

    fn padded(&mut self, span: Span, shortest: &[u8]) {
        self.edit.replace(span, |sink| sink.extend_from_slice(shortest));
    }
}
