//! DWARF, read and written: all instances of a module together, and less of them where that is too much.

use gimli::write::{self, EndianVec, Sections};
use gimli::{EndianSlice, LittleEndian};

use self::budget::{Budget, Spent};
use crate::{Allowance, Level, Moves, Section, Source};

mod budget;
mod convert;
mod expression;
mod lines;
mod lists;
mod read;
mod tree;

#[cfg(test)]
mod tests;

type Reader<'a> = EndianSlice<'a, LittleEndian>;
type Dwarf<'a> = gimli::read::Dwarf<Reader<'a>>;
type Unit<'a> = gimli::read::Unit<Reader<'a>>;
type UnitRef<'u, 'a> = gimli::read::UnitRef<'u, Reader<'a>>;
type Entry<'a> = gimli::read::DebuggingInformationEntry<Reader<'a>>;

/// Sections of debug information.
#[derive(Debug)]
struct Input<'a> {
    dwarf: Dwarf<'a>,
    range_lists: &'a [u8],
    location_lists: &'a [u8],
    bytes: u64,
}

impl<'a> Input<'a> {
    fn of(source: &Source<'a>) -> Input<'a> {
        let sections = source.sections;
        let load = |id: gimli::SectionId| {
            let data = found(sections, id.name());
            Ok::<_, std::convert::Infallible>(EndianSlice::new(data, LittleEndian))
        };
        let Ok(dwarf) = Dwarf::load(load);
        Input {
            dwarf,
            range_lists: found(sections, ".debug_rnglists"),
            location_lists: found(sections, ".debug_loclists"),
            bytes: source.bytes(),
        }
    }
}

/// A section, which is empty if there is none. Of several with one name, engines take the last.
#[inline(never)]
fn found<'a>(sections: &[(&str, &'a [u8])], name: &str) -> &'a [u8] {
    let found = sections.iter().rfind(|(other, _)| *other == name);
    found.map_or(&[], |(_, data)| data)
}

/// What is to be described.
struct Guest<'g, 'a> {
    source: &'g mut Source<'a>,
    moves: &'g Moves<'g>,
    input: Input<'a>,
}

/// It is there.
pub fn ready() {}

/// Writes the debug information of all instances of a module, of each as much as it can have.
pub fn describe<'a>(
    sources: &mut [Source<'a>],
    moves: &[Moves<'_>],
    allowance: &mut Allowance,
) -> Vec<Section> {
    let guests = sources.iter_mut().zip(moves);
    let mut guests: Vec<_> =
        guests.map(|(source, moves)| Guest { input: Input::of(source), source, moves }).collect();
    let mut work = Budget::of(allowance.work);
    loop {
        let sections = within_work(&mut guests, &mut work);
        allowance.work = work.left();
        let size: u64 = sections.iter().map(|(_, data)| data.len() as u64).sum();
        if let Some(room) = allowance.room.checked_sub(size) {
            allowance.room = room;
            return sections;
        }
        // There is no room for it: all of them have less.
        for Guest { source, .. } in &mut guests {
            source.level = match source.level {
                Level::Keep => Level::Lines,
                Level::Lines | Level::Drop => Level::Drop,
            };
        }
    }
}

fn within_work(guests: &mut [Guest<'_, '_>], total: &mut Budget) -> Vec<Section> {
    let mut left = total.clone();
    if let Ok(sections) = together(guests, &mut left) {
        *total = left;
        return sections;
    }
    // One of them asks for too much: each is tried by itself.
    let mut left = total.clone();
    for guest in guests.iter_mut() {
        for level in [Level::Keep, Level::Lines, Level::Drop] {
            if level < guest.source.level {
                continue;
            }
            guest.source.level = level;
            if alone(guest, &mut write::Dwarf::new(), &mut left).is_ok() {
                break;
            }
        }
    }
    together(guests, total).unwrap_or_default()
}

fn together(guests: &mut [Guest<'_, '_>], total: &mut Budget) -> Result<Vec<Section>, Spent> {
    let mut out = write::Dwarf::new();
    for guest in guests.iter_mut() {
        alone(guest, &mut out, total)?;
    }
    Ok(written(out).unwrap_or_default())
}

/// Adds what is kept of an instance's debug information.
fn alone(
    guest: &mut Guest<'_, '_>,
    out: &mut write::Dwarf,
    total: &mut Budget,
) -> Result<(), Spent> {
    let Guest { source, moves, input } = guest;
    if source.level == Level::Drop {
        return Ok(());
    }
    let mut part = total.part(input.bytes);
    let is_readable = convert::convert(input, moves, source.level, out, &mut part)?;
    total.settle(&part, input.bytes);
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
        written.push((id.name().into(), section.take()));
    }
    Ok(())
}
