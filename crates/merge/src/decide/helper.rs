//! The functions that merging adds: *helpers*.
//!
//! ```text
//! (func $i32_load8_u+4 (param i32) (result i32)        reaches a memory for another block
//!   (i32.load8_u offset=4 (local.get 0)))
//! (func $start (call $a) (call $b))                    runs the start functions of two instances
//! ```
//!
//! Which there are is decided in `far`; they are written in `write::helper`.

use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{FuncType, MemoryType, ValType};

use super::start::PhaseId;
use crate::program::{DataId, Definition, HelperId, MemoryId, Program};
use crate::{BlockId, Error, ExternalType, Link, Result};

/// A function that merging adds.
pub struct Helper {
    /// Where it is.
    pub block: BlockId,
    pub ty: FuncType,
    pub name: String,
    pub body: Body,
}

/// What a helper does.
pub enum Body {
    /// One instruction on a memory, as it is written when its memories have the index 0.
    Access { memory: MemoryId, instruction: Vec<u8>, data: Option<DataId>, params: u32 },
    /// Drops a data segment.
    Drop { data: DataId },
    /// Reads or writes as many bytes as a copy moves at a time.
    Batch { memory: MemoryId, write: bool, values: Values },
    /// Copies between two memories, as `memory.copy` does.
    Copy(Copy),
    /// Runs the start functions of a phase, and what comes between.
    Start { phase: PhaseId },
}

/// What a copy is made of.
#[derive(Clone, Debug)]
pub struct Copy {
    pub to: End,
    pub from: End,
    pub values: Values,
}

/// One of the two memories of a copy.
#[derive(Clone, Debug)]
pub struct End {
    pub memory: MemoryId,
    pub ty: MemoryType,
    /// How it is reached; nothing if it is near.
    pub far: Option<Far>,
}

/// The functions by which a copy reaches a far memory.
#[derive(Clone, Debug)]
pub struct Far {
    /// `memory.size`
    pub size: HelperId,
    /// `memory.copy` within the memory: traps as that does.
    pub copy: HelperId,
    pub batch: HelperId,
    /// For the 8 bytes and the single bytes that are left.
    pub word: HelperId,
    pub byte: HelperId,
}

/// How many values a batch has.
pub const BATCH: u32 = 8;

/// What the values of a batch are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Values {
    /// Vectors of 16 bytes.
    V128,
    /// Numbers of 8 bytes.
    I64,
}

impl Values {
    /// The types of the values of a batch.
    pub fn types(self) -> Vec<ValType> {
        vec![self.ty(); BATCH as usize]
    }

    /// The type of one.
    pub fn ty(self) -> ValType {
        match self {
            Values::V128 => ValType::V128,
            Values::I64 => ValType::I64,
        }
    }

    /// The bytes of one.
    pub fn bytes(self) -> u32 {
        match self {
            Values::V128 => 16,
            Values::I64 => 8,
        }
    }
}

/// The type of a memory.
pub fn memory_type(link: &Link<'_>, program: &Program<'_>, id: MemoryId) -> Result<MemoryType> {
    match program.memories[id] {
        Definition::Defined(site) => {
            let ty = program.module(site.instance).memories[site.position];
            RoundtripReencoder
                .memory_type(ty)
                .map_err(|_| Error::internal("a memory type is wrong"))
        }
        Definition::External(external) => match link.externals[external].ty {
            ExternalType::Memory(ty) => Ok(ty),
            _ => Err(Error::internal("an external memory is something else")),
        },
    }
}

/// The type of addresses in a memory.
pub fn address_type(memory: &MemoryType) -> ValType {
    if memory.memory64 { ValType::I64 } else { ValType::I32 }
}
