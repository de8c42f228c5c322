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
//! `merge` has said where each instruction went ([`moves`]). Here, the DWARF of each guest is read, and
//! what is about code that is still there ([`tree`]) is written again ([`convert`]) for the module that
//! the guest's code is in: entries, line tables ([`lines`]), lists of ranges and places ([`lists`]),
//! and expressions ([`expression`]). Of a Rust program that is a tenth, because all of the standard
//! library is described in each. A module that is instantiated twice has two of everything.
//!
//! # Whom to believe
//!
//! Nobody validates DWARF, and it must never be the reason why a composition is not fused. What cannot be
//! read is left out. What asks for too much ([`budget`]) is reduced to lines, and then to nothing; so
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

use std::collections::HashMap;

use gimli::write::{self, EndianVec, Sections};
use gimli::{EndianSlice, LittleEndian};
use wasm_encoder::{CustomSection, Encode, Section};
use wasm_fuser_merge::{BlockCode, CodeMap, Copied, InstanceId, Merged, ModuleId};

use self::budget::{Budget, Spent};
use self::moves::{Memory, Moves};
use crate::bind::Bound;
use crate::decode::{self, DEBUG};
use crate::error::Result;
use crate::limits;
use crate::options::{DebugInfo as Level, Options};
use crate::plan::{ModuleDef, Plan};

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

type Reader<'a> = EndianSlice<'a, LittleEndian>;
type Dwarf<'a> = gimli::read::Dwarf<Reader<'a>>;
type Unit<'a> = gimli::read::Unit<Reader<'a>>;
type UnitRef<'u, 'a> = gimli::read::UnitRef<'u, Reader<'a>>;
type Entry<'a> = gimli::read::DebuggingInformationEntry<Reader<'a>>;

/// Code, with the debug information that it has now.
#[derive(Debug)]
pub struct Debugged {
    /// The merged modules, if guests are merged.
    pub merged: Option<Merged>,
    /// If they are not: the modules that are another one now.
    pub modules: HashMap<ModuleId, Vec<u8>>,
    /// What became of the debug information.
    pub outcome: Outcome,
}

/// What became of debug information.
#[derive(Debug, Default)]
pub struct Outcome {
    /// How many bytes all instances had.
    pub before: u64,
    /// How many bytes there are.
    pub after: u64,
    /// The instances that had any.
    pub instances: Vec<Described>,
}

/// What became of the debug information of an instance.
#[derive(Clone, Debug)]
pub struct Described {
    /// The path of the instance.
    pub path: String,
    /// How much was kept.
    pub level: Level,
    /// Whether a part of it could not be read.
    pub is_malformed: bool,
    /// Whether a debugger would look for what is in its memory in another one.
    pub is_elsewhere: bool,
}

/// The debug information of an instance.
struct Source<'a> {
    instance: InstanceId,
    input: Input<'a>,
    described: Described,
}

/// Sections of debug information.
struct Input<'a> {
    dwarf: Dwarf<'a>,
    range_lists: &'a [u8],
    location_lists: &'a [u8],
    bytes: u64,
}

/// A section: its name, and what is in it.
type Written = (&'static str, Vec<u8>);

/// Gives merged modules the debug information of the guests, as far as `options.debug` says.
pub fn debug(
    plan: &Plan<'_>,
    bound: &Bound<'_>,
    merged: Option<Merged>,
    options: &Options,
) -> Result<Debugged> {
    let mut debugged = Debugged { merged, modules: HashMap::new(), outcome: Outcome::default() };
    let outcome = &mut debugged.outcome;
    let mut budget = Total { work: Budget::total(), room: room(debugged.merged.as_ref(), options) };
    match &mut debugged.merged {
        Some(merged) => {
            for block in merged.blocks.values_mut() {
                let BlockCode::Module(bytes) = &mut block.code else { continue };
                let sources = block.instances.iter().filter_map(|id| source(plan, bound, *id));
                let mut sources: Vec<Source<'_>> = sources.collect();
                for source in &mut sources {
                    source.described.level = options.debug;
                }
                let moves = |id| Moves::of(&block.map, id);
                let sections = describe(&mut sources, &moves, &mut budget);
                outcome.after += append(sections, bytes);
                outcome.add(sources);
            }
        }
        None => {
            for id in bound.link.instances.keys() {
                let Some(mut source) = source(plan, bound, id) else { continue };
                source.described.level = options.debug;
                let module = bound.link.instances[id].module;
                let before = source.input.bytes;
                if options.debug == Level::Keep {
                    outcome.after += before;
                } else if let Some(known) = debugged.modules.get(&module) {
                    outcome.after += known.len() as u64;
                } else {
                    let given = &bound.link.modules[module];
                    let map = unmoved(id, decode::bodies(given)?);
                    let mut sources = vec![source];
                    let sections = describe(&mut sources, &|_| Moves::none(&map), &mut budget);
                    let mut bytes = decode::without(given, DEBUG)?;
                    outcome.after += append(sections, &mut bytes);
                    debugged.modules.insert(module, bytes);
                    outcome.add(sources);
                    continue;
                }
                outcome.add(vec![source]);
            }
        }
    }
    Ok(debugged)
}

impl Outcome {
    fn add(&mut self, sources: Vec<Source<'_>>) {
        for source in sources {
            self.before += source.input.bytes;
            self.instances.push(source.described);
        }
    }
}

/// The debug information of an instance, if it has any.
fn source<'a>(plan: &Plan<'a>, bound: &Bound<'_>, instance: InstanceId) -> Option<Source<'a>> {
    let guest = bound.guest(instance)?;
    let ModuleDef::Defined(module) = plan.core_instances[guest].module else { return None };
    let sections = &plan.decoded.modules[module].debug;
    if sections.is_empty() {
        return None;
    }
    // Of several with one name, engines take the last.
    let section = |name: &str| {
        let found = sections.iter().rfind(|(other, _)| *other == name);
        found.map_or(&[][..], |(_, data)| data)
    };
    let load = |id: gimli::SectionId| {
        Ok::<_, std::convert::Infallible>(EndianSlice::new(section(id.name()), LittleEndian))
    };
    let Ok(dwarf) = Dwarf::load(load);
    let input = Input {
        dwarf,
        range_lists: section(".debug_rnglists"),
        location_lists: section(".debug_loclists"),
        bytes: plan.decoded.modules[module].debug_bytes(),
    };
    let described = Described {
        path: plan.core_instances[guest].path.clone(),
        level: Level::Drop,
        is_malformed: false,
        is_elsewhere: false,
    };
    Some(Source { instance, input, described })
}

/// Where functions are that stay where they are.
fn unmoved(instance: InstanceId, bodies: Vec<std::ops::Range<u32>>) -> CodeMap {
    let functions = bodies.into_iter().zip(0..).map(|(range, index)| Copied {
        instance,
        index,
        input: range.clone(),
        output: range,
        kinks: 0..0,
    });
    CodeMap { functions: functions.collect(), ..CodeMap::default() }
}

/// What is left for all instances.
struct Total {
    work: Budget,
    /// Bytes of the result.
    room: u64,
}

/// How many bytes of the result debug information may have.
fn room(merged: Option<&Merged>, options: &Options) -> u64 {
    let blocks = merged.into_iter().flat_map(|merged| merged.blocks.values());
    let code = blocks.map(|block| match &block.code {
        BlockCode::Module(bytes) => bytes.len() as u64,
        BlockCode::Opaque => 0,
    });
    limits::debug_information(code.sum(), options)
}

/// Writes the debug information of all instances of a module, of each as much as it can have.
fn describe<'m>(
    sources: &mut [Source<'_>],
    moves: &dyn Fn(InstanceId) -> Moves<'m>,
    total: &mut Total,
) -> Vec<Written> {
    loop {
        let sections = within_work(sources, moves, &mut total.work);
        let size: u64 = sections.iter().map(|(_, data)| data.len() as u64).sum();
        if let Some(room) = total.room.checked_sub(size) {
            total.room = room;
            return sections;
        }
        // There is no room for it: all of them have less.
        for source in sources.iter_mut() {
            source.described.level = match source.described.level {
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
) -> Vec<Written> {
    let mut left = total.clone();
    if let Ok(sections) = together(sources, moves, &mut left) {
        *total = left;
        return sections;
    }
    // One of them asks for too much: each is tried by itself.
    let mut left = total.clone();
    for source in sources.iter_mut() {
        for level in [Level::Keep, Level::Lines, Level::Drop] {
            if level < source.described.level {
                continue;
            }
            source.described.level = level;
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
) -> Result<Vec<Written>, Spent> {
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
    let Source { instance, input, described } = source;
    let moves = moves(*instance);
    described.is_elsewhere = moves.memory == Memory::Elsewhere;
    if described.level == Level::Drop {
        return Ok(());
    }
    let mut part = total.part(input.bytes);
    let is_readable = convert::convert(input, &moves, described.level, out, &mut part)?;
    total.settle(&part, input.bytes);
    described.is_malformed = !is_readable;
    Ok(())
}

/// The sections that have anything in them.
fn written(mut dwarf: write::Dwarf) -> write::Result<Vec<Written>> {
    let mut sections = Sections::new(EndianVec::new(LittleEndian));
    dwarf.write(&mut sections)?;
    let mut written = Vec::new();
    sections.for_each_mut(|id, section| -> write::Result<()> {
        if !section.slice().is_empty() {
            written.push((id.name(), section.take()));
        }
        Ok(())
    })?;
    Ok(written)
}

/// Appends sections to a module; how many bytes they have.
fn append(sections: Vec<Written>, module: &mut Vec<u8>) -> u64 {
    let before = module.len();
    for (name, data) in sections {
        let section = CustomSection { name: name.into(), data: data.into() };
        module.push(section.id());
        section.encode(module);
    }
    (module.len() - before) as u64
}
