//! Debug information: what debuggers and backtraces know of guests, they know of what became of them.
//!
//! # Problem
//!
//! DWARF says which line an instruction comes from, what was inlined where, and where variables are. It
//! says so with offsets into the code section, numbers of globals, and addresses in memory. Merging has
//! changed all of them.
//!
//! ```text
//! guest     0x40..0x52   divide, src/lib.rs:7          frame base: global 0
//! result    0x9c1..0x9d5 divide, src/lib.rs:7          frame base: global 12
//! ```
//!
//! # How
//!
//! `merge` has said where each instruction went (`moves`). Here, the DWARF of each guest is read, and
//! what is about code that is still there (`tree`) is written again (`convert`) for the module that
//! the guest's code is in: entries, line tables (`lines`), lists of ranges and places (`lists`),
//! and expressions (`expression`). Of a Rust program that is a tenth, because all of the standard
//! library is described in each. A module that is instantiated twice has two of everything.
//!
//! It is a crate of its own because few compositions need it where most are fused. So the component
//! `fuser.wasm` has none of it: it imports the interface `dwarf` of `wit/world.wit`, and `extras.wasm` exports
//! it (`crates/extras`). To the library it makes no difference, for both sides are in this crate:
//!
//! ```text
//! library --describe--> dwarf               everywhere, unless
//!         --describe--> the import `dwarf`  `imported`: in `fuser.wasm`
//! ```
//!
//! # Whom to believe
//!
//! Nobody validates DWARF, and it must never be the reason why a composition is not fused. What cannot be
//! read is left out. What asks for too much (`budget`) is reduced to lines, and then to nothing; so
//! an instance whose information is not worth reading cannot take that of others with it.
//!
//! # Rejected
//!
//! Tombstones for what is gone: the result would be four times as large, and debuggers have stumbled over
//! them. Prefixes for paths: the names of functions say already which instance they are of.
//!
//! # Limits
//!
//! DWARF knows one memory, and so do debuggers: they take the first of a module. Of a guest whose memory
//! is another one, variables are told as far as they are in locals, and nothing of what pointers point
//! to. Indices for a faster search (`.debug_names`, `.debug_aranges`) are not written.

use wasm_fuser_merge::InstanceId;

#[cfg(not(feature = "imported"))]
mod dwarf;
mod flat;
#[cfg(feature = "imported")]
mod imports;
mod moves;

#[cfg(not(feature = "imported"))]
use self::dwarf as stage;
pub use self::flat::Flat;
#[cfg(feature = "imported")]
use self::imports as stage;
pub use self::moves::{Memory, Moves};
pub use self::stage::ready;

/// What all instances can spend together: see `budget`.
const WORK: u64 = 1 << 27;

/// What becomes of debug information.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// What is about code of the result is written for it: files and lines, inlined calls, types and
    /// variables. Where guests are not merged, all of it stays as it is.
    Keep,
    /// Only files, lines and inlined calls: what backtraces need.
    Lines,
    /// Removed.
    Drop,
}

/// The debug information of an instance.
#[derive(Debug)]
pub struct Source<'a> {
    /// Whose it is.
    pub instance: InstanceId,
    /// The sections, by their names.
    pub sections: &'a [(&'a str, &'a [u8])],
    /// How much is to be kept; and then, how much was.
    pub level: Level,
    /// Whether a part of it could not be read.
    pub is_malformed: bool,
    /// Whether a debugger would look for what is in the instance's memory in another one.
    pub is_elsewhere: bool,
}

/// A section: its name, and what is in it.
pub type Section = (String, Vec<u8>);

/// What is left for all instances.
#[derive(Clone, Copy, Debug)]
pub struct Allowance {
    /// How much may be done.
    pub work: u64,
    /// Bytes of the result.
    pub room: u64,
}

impl<'a> Source<'a> {
    /// The sections of an instance, by their names.
    pub fn new(
        instance: InstanceId,
        sections: &'a [(&'a str, &'a [u8])],
        level: Level,
    ) -> Source<'a> {
        Source { instance, sections, level, is_malformed: false, is_elsewhere: false }
    }

    /// How many bytes its sections are.
    pub fn bytes(&self) -> u64 {
        self.sections.iter().map(|(_, data)| data.len() as u64).sum()
    }
}

impl Allowance {
    /// What there is at first: so many bytes of the result, and work for what such programs ask for.
    pub fn new(room: u64) -> Allowance {
        Allowance { work: WORK, room }
    }
}

/// Writes the debug information of all instances of a module, of each as much as it can have. `moves` says of
/// each where it went.
pub fn describe(
    sources: &mut [Source<'_>],
    moves: &[Moves<'_>],
    allowance: &mut Allowance,
) -> Vec<Section> {
    for (source, moves) in sources.iter_mut().zip(moves) {
        source.is_elsewhere = moves.memory == Memory::Elsewhere;
    }
    if sources.iter().all(|source| source.level == Level::Drop) {
        return Vec::new();
    }
    stage::describe(sources, moves, allowance)
}
