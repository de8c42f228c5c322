//! Writes what is kept of an instance's debug information, with the addresses and indices of the result.
//!
//! An attribute is written as its name and the class of its value demand:
//!
//! | class | becomes |
//! |---|---|
//! | the code of an entry | the ranges that are left of it; one, if possible, and none for what is a declaration now |
//! | another address of code | its image |
//! | an expression | see `expression` |
//! | a list of places | see `lists` |
//! | a reference | one to what the entry has become, if it is kept |
//! | a file | its number in the table of lines that is written |
//! | a string | the same, once for all instances |
//! | anything else | the same |
//!
//! What cannot be read or cannot be right is left out, and what is around it stays.

use gimli::DebugInfoOffset;
use gimli::constants::{self as c, DwAt};
use gimli::read::AttributeValue as In;
use gimli::write::{
    self, Address, AttributeValue as Out, DebugInfoRef, LineProgram, StringId, UnitEntryId, UnitId,
};
use wasm_fuser_merge::hash::HashMap;

use super::budget::{Budget, Spent};
use super::expression::{Expressions, Kind};
use super::lines::Lines;
use super::lists;
use super::read;
use super::tree::{self, Kept, KeptEntry, KeptUnit};
use super::{Entry, Input, Reader, UnitRef};
use crate::Level;
use crate::moves::Moves;

/// Adds what is kept of an instance's debug information. Whether all of it could be read.
pub fn convert(
    input: &Input<'_>,
    moves: &Moves<'_>,
    level: Level,
    out: &mut write::Dwarf,
    budget: &mut Budget,
) -> Result<bool, Spent> {
    let kept = tree::kept(input, moves, level, budget)?;
    let mut ids = Vec::with_capacity(kept.entries.len());
    for unit in &kept.units {
        let id = out.units.add(write::Unit::new(unit.encoding, LineProgram::none()));
        let written = out.units.get_mut(id);
        ids.push((id, written.root()));
        ids.extend(unit.entries.clone().skip(1).map(|_| (id, written.reserve())));
    }
    let mut converter =
        Converter { input, moves, level, budget, kept: &kept, ids: &ids, strings: HashMap::new() };
    for unit in &kept.units {
        converter.unit(unit, out)?;
    }
    Ok(!kept.is_malformed)
}

struct Converter<'c, 'a> {
    input: &'c Input<'a>,
    moves: &'c Moves<'c>,
    level: Level,
    budget: &'c mut Budget,
    kept: &'c Kept,
    /// What each entry that is kept is in the result.
    ids: &'c [(UnitId, UnitEntryId)],
    /// Strings that were written, by where they are in the input.
    strings: HashMap<usize, StringId>,
}

/// What a unit is written to.
struct Target<'t> {
    unit: &'t mut write::Unit,
    strings: &'t mut write::StringTable,
    line_strings: &'t mut write::LineStringTable,
    lines: Option<Lines>,
}

impl<'a> Converter<'_, 'a> {
    fn unit(&mut self, kept: &KeptUnit, out: &mut write::Dwarf) -> Result<(), Spent> {
        let (input, ids) = (self.input, self.ids);
        let Some(&(id, root)) = ids.get(kept.entries.start) else { return Ok(()) };
        let mut place = kept.entries.start;
        let target = out.units.get_mut(id);
        let offset = DebugInfoOffset(kept.offset);
        let header = input.dwarf.debug_info.header_from_offset(offset).ok();
        let unit = match header {
            Some(header) => read::unit(&input.dwarf, header, self.budget)?,
            None => None,
        };
        if let Some(unit) = &unit {
            let unit = unit.unit_ref(&input.dwarf);
            let lines = Lines::of(unit, self.moves, &mut out.line_strings, self.budget)?;
            let (strings, line_strings) = (&mut out.strings, &mut out.line_strings);
            let mut target = Target { unit: target, strings, line_strings, lines };
            place = self.entries(kept, unit, &mut target)?;
            if let Some(lines) = target.lines {
                target.unit.line_program = lines.program;
            }
        }
        // What was read once can be read again. If it were not so, an entry would still have to be
        // there for others to refer to.
        let target = out.units.get_mut(id);
        for (_, id) in
            ids.get(place.max(kept.entries.start + 1)..kept.entries.end).unwrap_or_default()
        {
            target.add_reserved(*id, root, c::DW_TAG_unspecified_type);
        }
        Ok(())
    }

    /// Writes entries, up to which it returns.
    fn entries(
        &mut self,
        kept: &KeptUnit,
        unit: UnitRef<'_, 'a>,
        target: &mut Target<'_>,
    ) -> Result<usize, Spent> {
        let Ok(mut entries) = unit.entries_raw(None) else { return Ok(kept.entries.start) };
        let mut entry = Entry::null();
        for place in kept.entries.clone() {
            let KeptEntry { offset, parent, is_whole, .. } = self.kept.entries[place];
            // What is between the last one and this one is not kept.
            while read::section_offset(unit, entries.next_offset().0).is_some_and(|it| it < offset)
            {
                self.budget.pay(1)?;
                match entries.read_abbreviation() {
                    Ok(Some(it)) if entries.skip_attributes(it.attributes()).is_ok() => {}
                    Ok(None) => {}
                    _ => return Ok(place),
                }
            }
            if read::read_entry(&mut entries, &mut entry) != Some(true) {
                return Ok(place);
            }
            let (_, id) = self.ids[place];
            if place != kept.entries.start {
                let (_, parent) = self.ids[parent as usize];
                target.unit.add_reserved(id, parent, entry.tag);
            }
            self.budget.pay(8 + 5 * entry.attrs.len() as u64)?;
            self.attributes(id, is_whole, unit, &entry, target)?;
        }
        Ok(kept.entries.end)
    }

    fn attributes(
        &mut self,
        id: UnitEntryId,
        is_whole: bool,
        unit: UnitRef<'_, 'a>,
        entry: &Entry<'a>,
        target: &mut Target<'_>,
    ) -> Result<(), Spent> {
        let is_root = id == target.unit.root();
        target.unit.get_mut(id).reserve(entry.attrs.len());
        for attribute in &entry.attrs {
            let (name, value) = (attribute.name(), attribute.value());
            if !tree::is_kept(self.level, self.moves.memory, entry.tag, name)
                || !(is_whole || is_of_shells(name))
            {
                continue;
            }
            let value = match name {
                // All of them are written together.
                c::DW_AT_low_pc | c::DW_AT_high_pc | c::DW_AT_ranges => None,
                c::DW_AT_entry_pc => self.entry_address(unit, entry, value),
                c::DW_AT_call_pc => address(unit, value).and_then(|it| self.moves.address(it)),
                c::DW_AT_call_return_pc => {
                    address(unit, value).and_then(|it| self.moves.address_after(it))
                }
                _ => {
                    let is_flag_present = attribute.form() == c::DW_FORM_flag_present;
                    let value = match is_flag_present {
                        true => Some(Out::FlagPresent),
                        false => self.value(name, value, unit, target)?,
                    };
                    if let Some(value) = value {
                        target.unit.get_mut(id).set(name, value);
                    }
                    continue;
                }
            };
            if let Some(address) = value {
                target.unit.get_mut(id).set(name, Out::Address(Address::Constant(address)));
            }
        }
        if is_whole {
            self.code(id, is_root, unit, entry, target)?;
        } else if entry.attr(c::DW_AT_declaration).is_none() && can_be_declared(entry) {
            target.unit.get_mut(id).set(c::DW_AT_declaration, Out::FlagPresent);
        }
        Ok(())
    }

    /// Writes which code an entry is about.
    fn code(
        &mut self,
        id: UnitEntryId,
        is_root: bool,
        unit: UnitRef<'_, 'a>,
        entry: &Entry<'a>,
        target: &mut Target<'_>,
    ) -> Result<(), Spent> {
        let version = unit.encoding().version;
        let code = read::code_of(self.input, unit, entry, self.budget)?;
        let moved = lists::moved(self.moves, &code, self.budget)?;
        let entry_of = |unit: &'_ mut write::Unit, name, value| unit.get_mut(id).set(name, value);
        match &moved[..] {
            // Lists of ranges in the unit are not relative to anything.
            _ if is_root && !moved.is_empty() => {
                entry_of(target.unit, c::DW_AT_low_pc, Out::Address(Address::Constant(0)));
            }
            [only] if !is_root => {
                let (start, length) = (Address::Constant(only.start), only.end - only.start);
                entry_of(target.unit, c::DW_AT_low_pc, Out::Address(start));
                let high = match version {
                    4.. => Out::Udata(length),
                    _ => Out::Address(Address::Constant(only.end)),
                };
                entry_of(target.unit, c::DW_AT_high_pc, high);
                return Ok(());
            }
            [] => {
                // A label is at an address, and has no range.
                let at = entry.attr_value(c::DW_AT_low_pc).and_then(|it| address(unit, it));
                let is_label = !is_root && entry.attr(c::DW_AT_high_pc).is_none();
                if let Some(at) = at.filter(|_| is_label).and_then(|at| self.moves.address(at)) {
                    entry_of(target.unit, c::DW_AT_low_pc, Out::Address(Address::Constant(at)));
                }
                return Ok(());
            }
            _ => {}
        }
        let list = target.unit.ranges.add(lists::range_list(moved, version));
        entry_of(target.unit, c::DW_AT_ranges, Out::RangeListRef(list));
        Ok(())
    }

    /// Where an entry is entered: an address, or how far that is from its first one.
    fn entry_address(
        &self,
        unit: UnitRef<'_, 'a>,
        entry: &Entry<'a>,
        value: In<Reader<'a>>,
    ) -> Option<u64> {
        let at = match value.udata_value() {
            Some(offset) => {
                address(unit, entry.attr_value(c::DW_AT_low_pc)?)?.checked_add(offset)?
            }
            None => address(unit, value)?,
        };
        self.moves.address(at)
    }

    /// Any other attribute's value.
    fn value(
        &mut self,
        name: DwAt,
        value: In<Reader<'a>>,
        unit: UnitRef<'_, 'a>,
        target: &mut Target<'_>,
    ) -> Result<Option<Out>, Spent> {
        if let Some(offset) = read::mentioned(unit, &value) {
            return Ok(self.reference(offset, &value));
        }
        Ok(Some(match value {
            In::Exprloc(expression) => {
                self.budget.pay(2 * expression.0.slice().len() as u64)?;
                let base_type = base_types(self.kept, self.ids, unit);
                let expressions = Expressions { moves: self.moves, unit, base_type: &base_type };
                return Ok(expressions.convert(expression, kind(name)).map(Out::Exprloc));
            }
            In::LocationListsRef(_) | In::DebugLocListsIndex(_) => {
                let base_type = base_types(self.kept, self.ids, unit);
                let expressions = Expressions { moves: self.moves, unit, base_type: &base_type };
                let list = lists::locations(self.input, &expressions, value, self.budget)?;
                return Ok(list.map(|list| Out::LocationListRef(target.unit.locations.add(list))));
            }
            In::DebugStrRef(_) | In::DebugStrOffsetsIndex(_) => {
                return Ok(self.string(unit, value, target)?.map(Out::StringRef));
            }
            In::DebugLineStrRef(_) => {
                let Ok(text) = unit.attr_string(value) else { return Ok(None) };
                self.budget.pay(text.slice().len() as u64)?;
                Out::LineStringRef(target.line_strings.add(text.slice()))
            }
            In::String(text) => {
                self.budget.pay(text.slice().len() as u64 / 8)?;
                Out::String(text.slice().to_vec())
            }
            In::Block(bytes) => {
                self.budget.pay(bytes.slice().len() as u64 / 8)?;
                Out::Block(bytes.slice().to_vec())
            }
            In::FileIndex(index) => return self.file(index, unit, target),
            In::Data1(n) => Out::Data1(n),
            In::Data2(n) => Out::Data2(n),
            In::Data4(n) => Out::Data4(n),
            In::Data8(n) => Out::Data8(n),
            In::Data16(n) => Out::Data16(n),
            In::Sdata(n) => Out::Sdata(n),
            In::Udata(n) => Out::Udata(n),
            In::Flag(is_set) => Out::Flag(is_set),
            In::Encoding(it) => Out::Encoding(it),
            In::DecimalSign(it) => Out::DecimalSign(it),
            In::Endianity(it) => Out::Endianity(it),
            In::Accessibility(it) => Out::Accessibility(it),
            In::Visibility(it) => Out::Visibility(it),
            In::Virtuality(it) => Out::Virtuality(it),
            In::Language(it) => Out::Language(it),
            In::AddressClass(it) => Out::AddressClass(it),
            In::IdentifierCase(it) => Out::IdentifierCase(it),
            In::CallingConvention(it) => Out::CallingConvention(it),
            In::Inline(it) => Out::Inline(it),
            In::Ordering(it) => Out::Ordering(it),
            // Addresses of unknown meaning, places in sections, and what is in other files.
            _ => return Ok(None),
        }))
    }

    /// A reference to an entry, if that is kept.
    fn reference(&self, offset: usize, value: &In<Reader<'a>>) -> Option<Out> {
        let &(unit, id) = self.ids.get(self.kept.find(offset)?)?;
        Some(match value {
            In::UnitRef(_) => Out::UnitRef(id),
            _ => Out::DebugInfoRef(DebugInfoRef::Entry(unit, id)),
        })
    }

    fn string(
        &mut self,
        unit: UnitRef<'_, 'a>,
        value: In<Reader<'a>>,
        target: &mut Target<'_>,
    ) -> Result<Option<StringId>, Spent> {
        let offset = match value {
            In::DebugStrRef(offset) => Some(offset),
            In::DebugStrOffsetsIndex(index) => unit.string_offset(index).ok(),
            _ => None,
        };
        let Some(offset) = offset else { return Ok(None) };
        if let Some(known) = self.strings.get(&offset.0) {
            return Ok(Some(*known));
        }
        let Ok(text) = unit.string(offset) else { return Ok(None) };
        self.budget.pay(8 + text.slice().len() as u64)?;
        let id = target.strings.add(text.slice());
        self.strings.insert(offset.0, id);
        Ok(Some(id))
    }

    fn file(
        &mut self,
        index: u64,
        unit: UnitRef<'_, 'a>,
        target: &mut Target<'_>,
    ) -> Result<Option<Out>, Spent> {
        let (Some(lines), Some(program)) = (&mut target.lines, &unit.line_program) else {
            return Ok(None);
        };
        let header = program.header();
        let file = lines.file(unit, header, index, target.line_strings, self.budget)?;
        Ok(file.map(|file| Out::FileIndex(Some(file))))
    }
}

/// What base types of a unit, by where they are in it, have become.
fn base_types<'b>(
    kept: &'b Kept,
    ids: &'b [(UnitId, UnitEntryId)],
    unit: UnitRef<'b, '_>,
) -> impl Fn(usize) -> Option<UnitEntryId> {
    move |offset| {
        let offset = read::section_offset(unit, offset)?;
        Some(ids.get(kept.find(offset as usize)?)?.1)
    }
}

fn address<'a>(unit: UnitRef<'_, 'a>, value: In<Reader<'a>>) -> Option<u64> {
    unit.attr_address(value).ok()?
}

/// What the expression of an attribute is.
fn kind(name: DwAt) -> Kind {
    match name {
        c::DW_AT_location
        | c::DW_AT_string_length
        | c::DW_AT_return_addr
        | c::DW_AT_static_link
        | c::DW_AT_call_data_location => Kind::Place,
        _ => Kind::Value,
    }
}

/// Whether it says what an entry is called, and not what it is.
fn is_of_shells(name: DwAt) -> bool {
    matches!(
        name,
        c::DW_AT_name
            | c::DW_AT_linkage_name
            | c::DW_AT_MIPS_linkage_name
            | c::DW_AT_decl_file
            | c::DW_AT_decl_line
            | c::DW_AT_external
            | c::DW_AT_declaration
            | c::DW_AT_export_symbols
    )
}

/// Whether it can be said that it is defined elsewhere.
fn can_be_declared(entry: &Entry<'_>) -> bool {
    matches!(
        entry.tag,
        c::DW_TAG_class_type
            | c::DW_TAG_enumeration_type
            | c::DW_TAG_interface_type
            | c::DW_TAG_structure_type
            | c::DW_TAG_subprogram
            | c::DW_TAG_union_type
    )
}
