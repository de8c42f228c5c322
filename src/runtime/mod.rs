//! The runtime library: routines that adapters call, written in WAT.
//!
//! A routine is a function of a small core module. Most work on a guest's memory, or between two,
//! and are instantiated once for each; the bridge and the store have memories of their own, and there
//! is one of each. To the linker these modules are inputs like any guest: they are merged, and removed
//! where nothing uses them.
//!
//! They are *libraries* to it besides: calls of short functions are replaced by what they call
//! (`decide/inline.rs` there). So a routine is divided as it reads best. What every call goes through is to be
//! short; what happens seldom and takes long is a function of its own, or it makes all around it too large to
//! be inlined.
//!
//! They are assembled when the fuser is built, those on memories for each width of pointers
//! (`pointers.rs`): a pointer has the core type of addresses in its memory, a size or a number of
//! code units 32 bits.

use wasm_encoder::{MemoryType, ValType};

pub use self::memories::{with_memories, with_sizes};
pub use self::store::{head, store};
pub use self::tasks::{
    ARGUMENTS, ERROR_CONTEXT, POINTER, RECORD, RESULT, RETURN, TaskOp, TaskPart, TokenOp, WAITABLE,
    WAITABLE_SET,
};
use crate::core::FuncType;
use crate::error::Result;

const I32: ValType = ValType::I32;

/// A module of the library, as the build script names it.
macro_rules! module {
    ($($name:literal),+) => { include_bytes!(concat!(env!("OUT_DIR"), "/", $($name),+, ".wasm")) };
}

mod tasks;

/// A module for two memories, for pointers of 32 bits and of 64 into each.
macro_rules! between_memories {
    ($name:literal, $from:expr, $to:expr) => {
        match ($from, $to) {
            (ValType::I64, ValType::I64) => module!($name, "-64-64"),
            (ValType::I64, _) => module!($name, "-64-32"),
            (_, ValType::I64) => module!($name, "-32-64"),
            _ => module!($name, "-32-32"),
        }
    };
}

/// How much of a text a routine looks at in one step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// Code unit by code unit.
    Scalar,
    /// With vectors of sixteen bytes.
    Simd,
    /// Likewise, where memories are in several modules, so that a store is a call, perhaps: a text of more than
    /// [`ONE_PASS_FAR`] bytes is copied by one instruction.
    SimdFar,
}

/// The module that copies UTF-8 from one memory to another, and traps if it is malformed; for pointers
/// of these core types. It exports `(ptr, bytes, destination)` as [`COPY_UTF8`].
pub fn utf8(step: Step, from: ValType, to: ValType) -> &'static [u8] {
    match step {
        Step::Scalar => between_memories!("utf8", from, to),
        Step::Simd | Step::SimdFar => between_memories!("utf8-simd", from, to),
    }
}

/// How long a text can be that is copied vector by vector, where a store is a call: as much as a call takes that
/// copies (`write/copy.rs` of merging).
pub const ONE_PASS_FAR: u32 = 128;

/// What [`utf8`] exports.
pub const COPY_UTF8: &str = "copy";

/// The type of that.
pub fn copy_utf8_type(from: ValType, to: ValType) -> FuncType {
    FuncType::new([from, I32, to], [])
}

/// A routine that moves a run of code units from one memory to another: what a transcoder has most
/// to do with. The modules import each as well: a transcoder from the module of its step, and that
/// of many bytes, which leaves the rest to what does one, from that of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RunOp {
    /// Bytes, as long as they are ASCII.
    CopyAscii,
    /// Units of UTF-16, as long as they are no surrogates.
    CopyUnits,
    /// Bytes to units.
    Widen,
    /// Units to bytes.
    Narrow,
    /// Bytes to units, where they are.
    WidenInPlace,
}

impl RunOp {
    /// All of them, in the order in which they are imported.
    pub const ALL: [RunOp; 5] =
        [RunOp::CopyAscii, RunOp::CopyUnits, RunOp::Widen, RunOp::Narrow, RunOp::WidenInPlace];

    /// The module that has them all, for pointers of these core types.
    pub fn module(step: Step, from: ValType, to: ValType) -> &'static [u8] {
        match step {
            Step::Scalar => between_memories!("runs", from, to),
            Step::Simd | Step::SimdFar => between_memories!("runs-simd", from, to),
        }
    }

    /// What the module exports it as.
    pub fn name(self) -> &'static str {
        match self {
            RunOp::CopyAscii => "copy-ascii",
            RunOp::CopyUnits => "copy-units",
            RunOp::Widen => "widen",
            RunOp::Narrow => "narrow",
            RunOp::WidenInPlace => "widen-in-place",
        }
    }
}

/// The module that transcodes strings from one memory to another, for pointers of these core types.
/// It exports, by the name of each encoding, `(source encoding, ptr, code units) -> (ptr, length)`.
pub fn transcode(from: ValType, to: ValType) -> &'static [u8] {
    between_memories!("transcode", from, to)
}

/// The type of a function of [`transcode`].
pub fn transcode_type(from: ValType, to: ValType) -> FuncType {
    FuncType::new([I32, from, I32], [to, I32])
}

/// An encoding that [`transcode`] reads, by its number there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceEncoding {
    /// UTF-8.
    Utf8 = 0,
    /// UTF-16.
    Utf16 = 1,
    /// A `latin1+utf16` string without the tag.
    Latin1 = 2,
    /// A `latin1+utf16` string with the tag.
    CompactUtf16 = 3,
}

/// An operation of the store. A table is the address of its head, resource types are numbers other
/// than 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StoreOp {
    /// `(table, type, rep) -> index`: an own.
    New,
    /// `(table, type, index) -> rep`.
    Rep,
    /// `(table, type, index) -> (owned, rep)`.
    Drop,
    /// `(table, type, index) -> rep`: takes an own out.
    LiftOwn,
    /// `(table, type, index) -> rep`: lends it, until it is given back.
    Lend,
    /// `(table, index)`: gives it back.
    Unlend,
    /// `(table, type, index) -> rep`: lends it, for the frame on top.
    LiftBorrow,
    /// `(table, type, rep) -> index`: a borrow, for the frame on top.
    LowerBorrow,
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
            StoreOp::New => "new",
            StoreOp::Rep => "rep",
            StoreOp::Drop => "drop",
            StoreOp::LiftOwn => "lift-own",
            StoreOp::Lend => "lend",
            StoreOp::Unlend => "unlend",
            StoreOp::LiftBorrow => "lift-borrow",
            StoreOp::LowerBorrow => "lower-borrow",
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
            StoreOp::New
            | StoreOp::Rep
            | StoreOp::LiftOwn
            | StoreOp::Lend
            | StoreOp::LiftBorrow
            | StoreOp::LowerBorrow => FuncType::new([I32; 3], [I32]),
            StoreOp::Drop => FuncType::new([I32; 3], [I32; 2]),
            StoreOp::Unlend | StoreOp::Keep => FuncType::new([I32; 2], []),
            StoreOp::Open | StoreOp::Returned => FuncType::new([], []),
            StoreOp::Close => FuncType::new([I32], []),
            StoreOp::Take => FuncType::new([], [I32; 2]),
        }
    }

    /// Those that know of no frames, which other parts of the runtime call.
    pub const FRAMELESS: [StoreOp; 6] = [
        StoreOp::New,
        StoreOp::Rep,
        StoreOp::Drop,
        StoreOp::LiftOwn,
        StoreOp::Lend,
        StoreOp::Unlend,
    ];
}

/// The module of the bridge: a memory for values on their way to the host and back, which has so many pages
/// at first.
pub fn bridge(pages: u64) -> Result<Vec<u8>> {
    let memory = MemoryType {
        minimum: pages,
        maximum: None,
        memory64: false,
        shared: false,
        page_size_log2: None,
    };
    with_memories(module!("bridge"), vec![memory])
}

/// An operation of the bridge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BridgeOp {
    /// `cabi_realloc`.
    Realloc,
    /// `() -> mark`: before a call to the host.
    Mark,
    /// `(mark)`: gives back what was allocated since.
    Reset,
    /// `() -> floor`: before the host runs, for an import. What lies there is out of its way.
    Raise,
    /// `(floor)`: when the host's results have been read.
    Lower,
    /// Gives back the parameters of a call from the host, when they have been read.
    Empty,
    /// `(results)`: its `post-return`.
    Release,
    /// `(moving)`: around a drop that shall not destroy.
    Move,
    /// `() -> moving`.
    IsMoving,
}

impl BridgeOp {
    /// What the module exports it as.
    pub fn name(self) -> &'static str {
        match self {
            BridgeOp::Realloc => "realloc",
            BridgeOp::Mark => "mark",
            BridgeOp::Reset => "reset",
            BridgeOp::Raise => "raise",
            BridgeOp::Lower => "lower",
            BridgeOp::Empty => "empty",
            BridgeOp::Release => "release",
            BridgeOp::Move => "move",
            BridgeOp::IsMoving => "is-moving",
        }
    }

    /// Its type.
    pub fn ty(self) -> FuncType {
        match self {
            BridgeOp::Realloc => FuncType::new([I32; 4], [I32]),
            BridgeOp::Mark | BridgeOp::Raise | BridgeOp::IsMoving => FuncType::new([], [I32]),
            BridgeOp::Reset | BridgeOp::Lower | BridgeOp::Release | BridgeOp::Move => {
                FuncType::new([I32], [])
            }
            BridgeOp::Empty => FuncType::new([], []),
        }
    }
}

mod memories;
#[cfg(test)]
mod pointers;
mod store;
#[cfg(test)]
mod tests;
