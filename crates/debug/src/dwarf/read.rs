//! Reads units and entries, and nothing that would cost too much.
//!
//! What gimli reads in one step is looked at before: how many attributes an entry can have, and how long a
//! table of abbreviations is. And where addresses have 32 bits, it cannot read what does not fit; so that is
//! not read anywhere, and all hosts see the same.
//!
//! Limits: DWARF of 64 bits, which no compiler writes for wasm. What cannot be read ends its unit.

use gimli::constants as c;
use gimli::read::{AttributeValue, EntriesRaw, UnitHeader};
use gimli::{DebugAbbrevOffset, Format, Section};

use super::budget::{Budget, Spent};
use super::lists::{self, Ranges};
use super::{Dwarf, Entry, Input, Reader, Unit, UnitRef};

/// The most attributes that an entry may have: compilers write 25.
const MAX_ATTRIBUTES: u32 = 200;

/// Reads the header of a unit, its abbreviations, and the header of its line table.
pub fn unit<'a>(
    dwarf: &Dwarf<'a>,
    header: UnitHeader<Reader<'a>>,
    budget: &mut Budget,
) -> Result<Option<Unit<'a>>, Spent> {
    let encoding = header.encoding();
    let is_known = (2..=5).contains(&encoding.version) && matches!(encoding.address_size, 4 | 8);
    if !is_known || encoding.format != Format::Dwarf32 {
        return Ok(None);
    }
    let section = dwarf.debug_abbrev.reader().slice();
    let (size, is_usable) = abbreviations(section, header.debug_abbrev_offset());
    budget.pay(32 + 4 * size as u64)?;
    if !is_usable {
        return Ok(None);
    }
    let Ok(unit) = dwarf.unit(header) else { return Ok(None) };
    let lines = unit.line_program.as_ref().map(gimli::IncompleteLineProgram::header);
    let names = lines.map_or(0, |it| it.file_names().len() + it.include_directories().len());
    budget.pay(16 * names as u64)?;
    Ok(Some(unit))
}

/// The size of a table of abbreviations, and whether it can be read and no entry has too many attributes.
fn abbreviations(section: &[u8], offset: DebugAbbrevOffset) -> (usize, bool) {
    let start = offset.0.min(section.len());
    let mut rest = &section[start..];
    let mut number = || {
        let (mut number, mut shift) = (0u64, 0);
        loop {
            let (byte, after) = rest.split_first()?;
            rest = after;
            number |= u64::from(byte & 0x7f).checked_shl(shift).unwrap_or(0);
            shift += 7;
            if *byte < 0x80 {
                return Some((number, rest.len()));
            }
        }
    };
    // A code, a tag, whether there are children; names and forms up to two zeros; constants in between.
    const IMPLICIT_CONST: u64 = c::DW_FORM_implicit_const.0 as u64;
    let mut table = || -> Option<bool> {
        while number()?.0 != 0 {
            let (_tag, _children) = (number()?, number()?);
            let mut attributes = 0;
            while let (name, (form, _)) = (number()?.0, number()?)
                && (name, form) != (0, 0)
            {
                attributes += 1;
                if form == IMPLICIT_CONST {
                    number()?;
                }
            }
            if attributes > MAX_ATTRIBUTES {
                return Some(false);
            }
        }
        Some(true)
    };
    let is_usable = table().unwrap_or(false);
    (section.len() - start - rest.len(), is_usable)
}

/// Reads the next entry: whether there is one, or only the end of a list; nothing if it cannot be read.
pub fn read_entry<'a>(
    entries: &mut EntriesRaw<'_, Reader<'a>>,
    entry: &mut Entry<'a>,
) -> Option<bool> {
    let is_entry = entries.read_entry(entry).ok()?;
    // Where addresses have 32 bits, larger offsets cannot be read; so they are not read anywhere.
    let fits = entry.attrs.iter().all(|attribute| match attribute.value() {
        AttributeValue::SecOffset(offset) => fits(offset),
        AttributeValue::DebugAddrIndex(index) => fits(index.0),
        AttributeValue::UnitRef(offset) => fits(offset.0),
        AttributeValue::DebugInfoRef(offset) => fits(offset.0),
        AttributeValue::DebugInfoRefSup(offset) => fits(offset.0),
        AttributeValue::DebugLocListsIndex(index) => fits(index.0),
        AttributeValue::DebugRngListsIndex(index) => fits(index.0),
        AttributeValue::DebugStrOffsetsIndex(index) => fits(index.0),
        AttributeValue::LocationListsRef(offset) => fits(offset.0),
        AttributeValue::RangeListsRef(offset) => fits(offset.0),
        AttributeValue::DebugLineRef(offset) => fits(offset.0),
        _ => true,
    });
    fits.then_some(is_entry)
}

fn fits(offset: usize) -> bool {
    u32::try_from(offset).is_ok()
}

/// Where an entry of a unit is in its section.
pub fn section_offset(unit: UnitRef<'_, '_>, offset: usize) -> Option<u32> {
    u32::try_from(unit.header.offset().0.checked_add(offset)?).ok()
}

/// The entry that an attribute mentions, by where it is in its section.
pub fn mentioned(unit: UnitRef<'_, '_>, value: &AttributeValue<Reader<'_>>) -> Option<usize> {
    match value {
        AttributeValue::UnitRef(offset) => unit.header.offset().0.checked_add(offset.0),
        AttributeValue::DebugInfoRef(offset) => Some(offset.0),
        _ => None,
    }
}

/// The ranges of code that an entry is about.
pub fn code_of<'a>(
    input: &Input<'a>,
    unit: UnitRef<'_, 'a>,
    entry: &Entry<'a>,
    budget: &mut Budget,
) -> Result<Ranges, Spent> {
    if let Some(value) = entry.attr_value(c::DW_AT_ranges) {
        return Ok(lists::ranges(input, unit, value, budget)?.unwrap_or_default());
    }
    let address = |name| {
        let value = entry.attr_value(name)?;
        unit.attr_address(value).ok()?
    };
    let Some(low) = address(c::DW_AT_low_pc) else { return Ok(Ranges::new()) };
    let high = address(c::DW_AT_high_pc).or_else(|| {
        let length = entry.attr(c::DW_AT_high_pc)?.udata_value()?;
        low.checked_add(length)
    });
    Ok(high.map(|high| (low, high)).into_iter().collect())
}
