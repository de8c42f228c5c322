//! The store for so many handle tables.
//!
//! Where the store allocates depends on how many heads of tables come before, and how much it can have on
//! where it is. That is known when a program is fused, and then written into the module: as the initial
//! values of its first globals, and as its memory's size. Rejected: a start function, which would be one more thing that happens in
//! instantiation; and heads that are allocated when they are needed, which would have to be found.

use wasm_encoder::MemoryType;

use super::memories::with_sizes;
use crate::error::Result;

/// The module as it is assembled.
pub const STORE: &[u8] = module!("store");

/// The size of the head of a table, and of an entry.
const HEAD: u32 = 16;

/// What a table or the stack has first, and what it can have: 262,143 handles.
const FIRST: u32 = 1 << 10;
const LIMIT: u32 = 4 << 20;

/// The size of a page.
const PAGE: u64 = 1 << 16;

/// Where the head of the table of that number is.
pub const fn head(table: u32) -> u32 {
    HEAD * table
}

/// The module, for so many tables. There is room for all of them to be full, as far as a memory has
/// that. Where the store can have so many bytes and no more, each has its share from the start: what
/// one guest fills is not another's.
pub fn store(tables: u32, room: Option<u32>) -> Result<Vec<u8>> {
    // Address 0 is where nothing is.
    let heap = HEAD * tables.max(1);
    // The stack is one more.
    let shares = tables.saturating_add(1);
    let (first, limit, bytes) = match room {
        // All that it has grown out of takes as much again.
        None => (FIRST, LIMIT, u64::from(shares) * u64::from(2 * LIMIT)),
        Some(room) => {
            let share = (room.saturating_sub(heap) / shares / HEAD * HEAD).clamp(FIRST, LIMIT);
            (share, share, u64::from(shares) * u64::from(share))
        }
    };
    let pages = (u64::from(heap) + bytes).div_ceil(PAGE);
    let memory = MemoryType {
        minimum: u64::from(heap).div_ceil(PAGE),
        maximum: Some(pages.min(PAGE - 1)),
        memory64: false,
        shared: false,
        page_size_log2: None,
    };
    with_sizes(STORE, vec![memory], &[heap, first, limit])
}

#[cfg(test)]
mod tests;
