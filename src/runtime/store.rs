//! The store for so many handle tables.
//!
//! Where the store allocates depends on how many heads of tables come before. That is known when a
//! program is fused, and then written into the module: as the initial value of its first global, and as
//! its memory's size. Rejected: a start function, which would be one more thing that happens in
//! instantiation; and heads that are allocated when they are needed, which would have to be found.

use wasm_encoder::reencode::{Error as Reencoded, Reencode};
use wasm_encoder::{ConstExpr, MemoryType, Module};
use wasmparser::Parser;

use crate::error::{Error, Result};

/// The module as it is assembled.
pub const STORE: &[u8] = module!("store");

/// The size of the head of a table, and of an entry.
const HEAD: u32 = 16;

/// What a table or the stack takes when it is full: 4 MiB, and all that it has grown out of before.
const FULL: u64 = 8 << 20;

/// The size of a page.
const PAGE: u64 = 1 << 16;

/// Where the head of the table of that number is.
pub const fn head(table: u32) -> u32 {
    HEAD * table
}

/// The module, for so many tables. There is room for all of them to be full, as far as a memory has
/// that.
pub fn store(tables: u32) -> Result<Vec<u8>> {
    // Address 0 is where nothing is.
    let heap = HEAD * tables.max(1);
    let full = u64::from(heap) + FULL * (u64::from(tables) + 1);
    let mut sizes = Sizes {
        heap: Some(heap),
        minimum: u64::from(heap).div_ceil(PAGE),
        maximum: full.div_ceil(PAGE).min(PAGE - 1),
    };
    let mut result = Module::new();
    sizes
        .parse_core_module(&mut result, Parser::new(0), STORE)
        .map_err(|error| Error::internal(format!("the store cannot be read: {error}")))?;
    Ok(result.finish())
}

/// What is written into the module.
struct Sizes {
    /// The initial value of the first global, unless it has been written.
    heap: Option<u32>,
    minimum: u64,
    maximum: u64,
}

impl Reencode for Sizes {
    type Error = Error;

    fn memory_type(
        &mut self,
        ty: wasmparser::MemoryType,
    ) -> Result<MemoryType, Reencoded<Self::Error>> {
        let ty = wasm_encoder::reencode::utils::memory_type(self, ty);
        Ok(MemoryType { minimum: self.minimum, maximum: Some(self.maximum), ..ty })
    }

    fn const_expr(
        &mut self,
        expr: wasmparser::ConstExpr<'_>,
    ) -> Result<ConstExpr, Reencoded<Self::Error>> {
        match self.heap.take() {
            Some(heap) => Ok(ConstExpr::i32_const(heap.cast_signed())),
            None => wasm_encoder::reencode::utils::const_expr(self, expr),
        }
    }
}

#[cfg(test)]
mod tests;
