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
//! It is a crate of its own so that it can be compiled to be small: it is work for once, and each host
//! carries it.
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

use gimli::write::{self, EndianVec, Sections};
use gimli::{EndianSlice, LittleEndian};
use wasm_fuser_merge::InstanceId;

use self::budget::{Budget, Spent};

mod budget;
mod convert;
mod expression;
mod lines;
mod lists;
mod moves;
mod read;
mod tree;

#[cfg(test)]
mod tests;

pub use self::moves::{Memory, Moves};

type Reader<'a> = EndianSlice<'a, LittleEndian>;
type Dwarf<'a> = gimli::read::Dwarf<Reader<'a>>;
type Unit<'a> = gimli::read::Unit<Reader<'a>>;
type UnitRef<'u, 'a> = gimli::read::UnitRef<'u, Reader<'a>>;
type Entry<'a> = gimli::read::DebuggingInformationEntry<Reader<'a>>;

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
    /// How much is to be kept; and then, how much was.
    pub level: Level,
    /// Whether a part of it could not be read.
    pub is_malformed: bool,
    /// Whether a debugger would look for what is in the instance's memory in another one.
    pub is_elsewhere: bool,
    input: Input<'a>,
}

/// Sections of debug information.
#[derive(Debug)]
struct Input<'a> {
    dwarf: Dwarf<'a>,
    range_lists: &'a [u8],
    location_lists: &'a [u8],
    bytes: u64,
}

/// A section: its name, and what is in it.
pub type Section = (&'static str, Vec<u8>);

/// What is left for all instances.
#[derive(Debug)]
pub struct Allowance {
    work: Budget,
    /// Bytes of the result.
    room: u64,
}

impl<'a> Source<'a> {
    /// The sections of an instance, by their names, and how many bytes they are.
    // What is inlined elsewhere is compiled as it is there.
    #[inline(never)]
    pub fn new(
        instance: InstanceId,
        sections: &[(&str, &'a [u8])],
        bytes: u64,
        level: Level,
    ) -> Source<'a> {
        let load = |id: gimli::SectionId| {
            let data = found(sections, id.name());
            Ok::<_, std::convert::Infallible>(EndianSlice::new(data, LittleEndian))
        };
        let Ok(dwarf) = Dwarf::load(load);
        let input = Input {
            dwarf,
            range_lists: found(sections, ".debug_rnglists"),
            location_lists: found(sections, ".debug_loclists"),
            bytes,
        };
        Source { instance, level, is_malformed: false, is_elsewhere: false, input }
    }

    /// How many bytes its sections are.
    pub fn bytes(&self) -> u64 {
        self.input.bytes
    }
}

/// A section, which is empty if there is none. Of several with one name, engines take the last.
#[inline(never)]
fn found<'a>(sections: &[(&str, &'a [u8])], name: &str) -> &'a [u8] {
    let found = sections.iter().rfind(|(other, _)| *other == name);
    found.map_or(&[], |(_, data)| data)
}

impl Allowance {
    /// What there is at first: so many bytes of the result, and work for what such programs ask for.
    pub fn new(room: u64) -> Allowance {
        Allowance { work: Budget::total(), room }
    }
}

/// Writes the debug information of all instances of a module, of each as much as it can have.
#[inline(never)]
pub fn describe<'m>(
    sources: &mut [Source<'_>],
    moves: &dyn Fn(InstanceId) -> Moves<'m>,
    allowance: &mut Allowance,
) -> Vec<Section> {
    loop {
        let sections = within_work(sources, moves, &mut allowance.work);
        let size: u64 = sections.iter().map(|(_, data)| data.len() as u64).sum();
        if let Some(room) = allowance.room.checked_sub(size) {
            allowance.room = room;
            return sections;
        }
        // There is no room for it: all of them have less.
        for source in sources.iter_mut() {
            source.level = match source.level {
                Level::Keep => Level::Lines,
                Level::Lines | Level::Drop => Level::Drop,
            };
        }
    }
}

fn within_work<'m>(
    sources: &mut [Source<'_>],
    moves: &dyn Fn(InstanceId) -> Moves<'m>,
    total: &mut Budget,
) -> Vec<Section> {
    let mut left = total.clone();
    if let Ok(sections) = together(sources, moves, &mut left) {
        *total = left;
        return sections;
    }
    // One of them asks for too much: each is tried by itself.
    let mut left = total.clone();
    for source in sources.iter_mut() {
        for level in [Level::Keep, Level::Lines, Level::Drop] {
            if level < source.level {
                continue;
            }
            source.level = level;
            if alone(source, moves, &mut write::Dwarf::new(), &mut left).is_ok() {
                break;
            }
        }
    }
    together(sources, moves, total).unwrap_or_default()
}

fn together<'m>(
    sources: &mut [Source<'_>],
    moves: &dyn Fn(InstanceId) -> Moves<'m>,
    total: &mut Budget,
) -> Result<Vec<Section>, Spent> {
    let mut out = write::Dwarf::new();
    for source in sources.iter_mut() {
        alone(source, moves, &mut out, total)?;
    }
    Ok(written(out).unwrap_or_default())
}

/// Adds what is kept of an instance's debug information.
fn alone<'m>(
    source: &mut Source<'_>,
    moves: &dyn Fn(InstanceId) -> Moves<'m>,
    out: &mut write::Dwarf,
    total: &mut Budget,
) -> Result<(), Spent> {
    let moves = moves(source.instance);
    source.is_elsewhere = moves.memory == Memory::Elsewhere;
    if source.level == Level::Drop {
        return Ok(());
    }
    let mut part = total.part(source.input.bytes);
    let is_readable = convert::convert(&source.input, &moves, source.level, out, &mut part)?;
    total.settle(&part, source.input.bytes);
    source.is_malformed = !is_readable;
    Ok(())
}

/// The sections that have anything in them.
fn written(mut dwarf: write::Dwarf) -> write::Result<Vec<Section>> {
    let mut sections = Sections::new(EndianVec::new(LittleEndian));
    dwarf.write(&mut sections)?;
    let mut written = Vec::new();
    sections.for_each_mut(|id, section| keep(id, section, &mut written))?;
    Ok(written)
}

/// There are many sections, and for each this would be written out.
#[inline(never)]
fn keep(
    id: gimli::SectionId,
    section: &mut EndianVec<LittleEndian>,
    written: &mut Vec<Section>,
) -> write::Result<()> {
    if !section.slice().is_empty() {
        written.push((id.name(), section.take()));
    }
    Ok(())
}
