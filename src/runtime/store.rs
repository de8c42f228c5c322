//! Handle tables: the store that they are in, its room, and what is done with handles.
//!
//! Where the store allocates depends on how many tables there are, and how much it can have on
//! where it is. That is known when a program is fused, and then written into the modules: as the initial
//! values of their first globals, and as the memory's size. Rejected: a start function, which would be one more thing that happens in
//! instantiation; and tables that are told which they are by a parameter, for then what is known of them would have to
//! be in memory, and there would have to be a page from the start.

use wasm_encoder::MemoryType;

use super::I32;
use super::memories::{ordinary, with_sizes};
use crate::core::FuncType;
use crate::error::Result;

/// The modules as they are assembled.
const STORE: &[u8] = module!("store");
pub const TABLE: &[u8] = module!("table");
pub const ROOM: &[u8] = module!("room");

/// The size of an entry. Whatever is allocated has a multiple of it.
const ENTRY: u32 = 16;

/// What a table or the stack has first, and what it can have: 262,143 handles.
const FIRST: u32 = 1 << 10;
const LIMIT: u32 = 4 << 20;

/// The size of a page.
const PAGE: u64 = 1 << 16;

/// What a memory can have: all but a page of its addresses, so that no end of anything wraps.
pub const MOST: u32 = 0xffff_0000;

/// Where the store is told where the entries of the table of that number begin. Address 0 is where nothing is.
pub const fn place(table: u32) -> u32 {
    ENTRY + 4 * table
}

/// The module of the table of that number.
pub fn table(number: u32) -> Result<Vec<u8>> {
    with_sizes(TABLE, vec![ordinary()], &[place(number)])
}

/// The store, for so many tables: what it is made of, and what it can have.
#[derive(Clone, Copy, Debug)]
pub struct Store {
    /// Where all begins that is allocated.
    heap: u32,
    /// What a table or the stack has first, and what it can have.
    first: u32,
    limit: u32,
    /// All that it can have, with what comes before.
    bytes: u64,
}

impl Store {
    /// There is room for all tables to be full. Where the store can have so many bytes and no more, each has
    /// its share from the start: what one guest fills is not another's.
    pub fn new(tables: u32, room: Option<u32>) -> Store {
        let heap = place(tables).next_multiple_of(ENTRY);
        // The stack is one more.
        let shares = tables.saturating_add(1);
        let (first, limit, bytes) = match room {
            // All that it has grown out of takes as much again.
            None => (FIRST, LIMIT, u64::from(shares) * u64::from(2 * LIMIT)),
            Some(room) => {
                let share =
                    (room.saturating_sub(heap) / shares / ENTRY * ENTRY).clamp(FIRST, LIMIT);
                (share, share, u64::from(shares) * u64::from(share))
            }
        };
        Store { heap, first, limit, bytes: u64::from(heap) + bytes }
    }

    /// What it leaves of a memory to others, if that is at least half.
    pub fn leaves(self) -> Option<u32> {
        let left = u64::from(MOST).saturating_sub(self.bytes.next_multiple_of(PAGE));
        // That is no more than what a memory can have.
        (left >= u64::from(MOST / 2)).then_some(left as u32)
    }

    /// The room that it is in. If others are there, too, they have what it leaves.
    pub fn room(self, is_shared: bool) -> Result<Vec<u8>> {
        let most = u64::from(MOST);
        let bytes = if is_shared { most } else { self.bytes.min(most) };
        let memory = MemoryType { maximum: Some(bytes.div_ceil(PAGE)), ..ordinary() };
        with_sizes(ROOM, vec![memory], &[self.heap])
    }

    /// Its module.
    pub fn module(self) -> Result<Vec<u8>> {
        with_sizes(STORE, vec![ordinary()], &[self.first, self.limit])
    }
}

/// An operation of the store, on frames. A table is the [`place`] where the store is told of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StoreOp {
    /// Before handles are lent, or borrows are made, for a call: a frame.
    Open,
    /// When that call has returned: its borrows have been dropped.
    Returned,
    /// `(table)`: when that call is over. The table is the caller's.
    Close,
    /// `(type, index)`: keeps a handle of the engine that is lent for a call from the host.
    Keep,
    /// `() -> (type, index)`: takes one of those that are kept for the frame on top, as long as there
    /// are any.
    Take,
}

impl StoreOp {
    /// What the module exports it as.
    pub fn name(self) -> &'static str {
        match self {
            StoreOp::Open => "open",
            StoreOp::Returned => "returned",
            StoreOp::Close => "close",
            StoreOp::Keep => "keep",
            StoreOp::Take => "take",
        }
    }

    /// Its type.
    pub fn ty(self) -> FuncType {
        match self {
            StoreOp::Keep => FuncType::new([I32; 2], []),
            StoreOp::Open | StoreOp::Returned => FuncType::new([], []),
            StoreOp::Close => FuncType::new([I32], []),
            StoreOp::Take => FuncType::new([], [I32; 2]),
        }
    }
}

/// An operation of a table. Resource types are numbers other than 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TableOp {
    /// `(type, rep) -> index`: an own.
    New,
    /// `(type, rep, scope) -> index`: a borrow for a task.
    Add,
    /// `(type, index) -> rep`.
    Rep,
    /// `(type, index) -> (owned, rep)`.
    Drop,
    /// `(type, index) -> scope`: takes from a borrow what it was made for, if that is a task; or 0.
    Unscope,
    /// `(type, index) -> rep`: takes an own out.
    LiftOwn,
    /// `(type, index) -> rep`: lends it, until it is given back.
    Lend,
    /// `(index)`: gives it back.
    Unlend,
    /// `(type, index) -> rep`: lends it, for the frame on top.
    LiftBorrow,
    /// `(type, rep) -> index`: a borrow, for the frame on top.
    LowerBorrow,
}

impl TableOp {
    /// What the module exports it as.
    pub fn name(self) -> &'static str {
        match self {
            TableOp::New => "new",
            TableOp::Add => "add",
            TableOp::Rep => "rep",
            TableOp::Drop => "drop",
            TableOp::Unscope => "unscope",
            TableOp::LiftOwn => "lift-own",
            TableOp::Lend => "lend",
            TableOp::Unlend => "unlend",
            TableOp::LiftBorrow => "lift-borrow",
            TableOp::LowerBorrow => "lower-borrow",
        }
    }

    /// Its type.
    pub fn ty(self) -> FuncType {
        match self {
            TableOp::New
            | TableOp::Rep
            | TableOp::Unscope
            | TableOp::LiftOwn
            | TableOp::Lend
            | TableOp::LiftBorrow
            | TableOp::LowerBorrow => FuncType::new([I32; 2], [I32]),
            TableOp::Add => FuncType::new([I32; 3], [I32]),
            TableOp::Drop => FuncType::new([I32; 2], [I32; 2]),
            TableOp::Unlend => FuncType::new([I32], []),
        }
    }
}

#[cfg(test)]
mod tests;
