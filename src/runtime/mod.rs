//! The runtime library: routines that adapters call, written in WAT.
//!
//! A routine is a function of a small core module. Most work on a guest's memory, or between two,
//! and are instantiated once for each. There is one of the bridge and of the store; what they keep is in *rooms*, memories
//! that nothing else has. To the linker these modules are inputs like any guest: they are merged, and removed
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

use wasm_encoder::ValType;

pub use self::bridge::{BridgeOp, bridge, bridge_room};
pub use self::memories::{ordinary, with_memories, with_sizes};
pub use self::store::{MOST, Store, StoreOp, TABLE, TableOp, place, table};
pub use self::tasks::{
    ARGUMENTS, ERROR_CONTEXT, POINTER, RECORD, RESULT, RETURN, TaskOp, TaskPart, TokenOp, WAITABLE,
    WAITABLE_SET,
};
use crate::core::FuncType;

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

mod bridge;
mod memories;
#[cfg(test)]
mod pointers;
mod store;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod valid;
