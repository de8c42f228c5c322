//! What is done with code: a [`Visitor`] is told of what it has, and of where that is.

use std::ops::Range;

use wasmparser::{HeapType, Operator, RefType};

use super::opcode::{Immediate, Index};
use crate::Result;

/// A range of bytes in the code.
pub type Span = Range<usize>;

/// The place that an instruction accesses.
#[derive(Clone, Debug)]
pub struct Place {
    /// The alignment, and which of the others are there.
    pub flags: u32,
    pub target: Target,
    /// Where these two are.
    pub head: Span,
    pub offset: u64,
    pub offset_span: Span,
}

/// What a place is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A memory.
    Memory(u32),
    /// An array, by its type.
    Array(u32),
}

impl Place {
    /// The flag that says that a memory is named.
    pub const NAMES_MEMORY: u32 = 1 << 6;
    /// The flag that says that an array is.
    pub const NAMES_ARRAY: u32 = 1 << 5;
    /// The flags of which one says that there is an index.
    pub const NAMES_SOMETHING: u32 = Self::NAMES_MEMORY | Self::NAMES_ARRAY;
    /// The flag that says that there is a memory ordering.
    pub const HAS_ORDERING: u32 = 1 << 4;
}

/// What is done with code.
pub trait Visitor {
    /// Whether it takes an instruction with such immediates as a whole. It is not asked about those
    /// without immediates, or with numbers only.
    fn takes(&self, immediates: &[Immediate]) -> bool {
        let _ = immediates;
        false
    }

    /// An instruction that it takes.
    fn instruction(&mut self, instruction: &Instruction<'_>, span: Span) -> Result<Then> {
        let _ = (instruction, span);
        Ok(Then::Pass)
    }

    /// The end of an instruction that it took and did not pass over.
    fn end_of_instruction(&mut self, at: usize) {
        let _ = at;
    }

    /// The opcode of an instruction that came after the first version of WebAssembly, if it has one byte.
    /// (Of some that did not, too.)
    fn opcode(&mut self, opcode: u8) {
        let _ = opcode;
    }

    /// The opcode of each instruction that has a prefix.
    fn prefixed_opcode(&mut self, prefix: u8, opcode: u32) {
        let _ = (prefix, opcode);
    }

    /// A block has a type, which is visited after this.
    fn typed_block(&mut self) {}

    /// An index, as an unsigned number.
    fn index(&mut self, what: Index, index: u32, span: Span) -> Result<()> {
        let _ = (what, index, span);
        Ok(())
    }

    /// The index of a type, as a signed number.
    fn type_index(&mut self, index: u32, span: Span) -> Result<()> {
        let _ = (index, span);
        Ok(())
    }

    /// A type that is written in more than a byte.
    fn ref_type(&mut self, ty: RefType, span: Span) -> Result<()> {
        let _ = (ty, span);
        Ok(())
    }

    /// A heap type that is written in more than a byte and is no index.
    fn heap_type(&mut self, ty: HeapType, span: Span) -> Result<()> {
        let _ = (ty, span);
        Ok(())
    }

    /// A place in a memory or array.
    fn place(&mut self, place: Place) -> Result<()> {
        let _ = place;
        Ok(())
    }

    /// A number that names nothing and is written in more bytes than it takes.
    fn padded(&mut self, span: Span, shortest: &[u8]) {
        let _ = (span, shortest);
    }
}

/// Nothing is to be known of instructions but where they end.
pub struct Pass;

impl Visitor for Pass {}

/// What follows once a visitor has taken an instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// Its immediates are visited as those of any other instruction.
    Visit,
    /// Nothing: the walk goes on after it.
    Pass,
}

/// An instruction as a whole.
#[derive(Clone, Debug)]
pub struct Instruction<'a> {
    /// What it does.
    pub operator: Operator<'a>,
    /// How it is written.
    pub bytes: &'a [u8],
}
