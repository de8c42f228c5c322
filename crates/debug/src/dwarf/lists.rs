//! Lists of ranges, and of the places where something is in each range.
//!
//! All addresses are written as they are: the units of the result have no base.

use std::ops::Range;

use gimli::read::{self, AttributeValue};
use gimli::write::{Address, Expression, Location, LocationList, RangeList};

use super::budget::{Budget, Spent};
use super::expression::{Expressions, Kind};
use super::{Input, Reader, UnitRef};
use crate::moves::Moves;

/// The ranges of an entry in the input, one after another: from where to where.
pub type Ranges = Vec<(u64, u64)>;

/// The ranges that an attribute is, if it is a list of ranges.
pub fn ranges(
    input: &Input<'_>,
    unit: UnitRef<'_, '_>,
    value: AttributeValue<Reader<'_>>,
    budget: &mut Budget,
) -> Result<Option<Ranges>, Spent> {
    let offset = match value {
        AttributeValue::RangeListsRef(offset) => Some(unit.ranges_offset_from_raw(offset)),
        AttributeValue::DebugRngListsIndex(index) => {
            listed(input.range_lists, unit.rnglists_base.0, index.0).map(gimli::RangeListsOffset)
        }
        _ => None,
    };
    let Some(mut list) = offset.and_then(|offset| unit.ranges(offset).ok()) else {
        return Ok(None);
    };
    let mut ranges = Vec::new();
    loop {
        budget.pay(2)?;
        let Ok(Some(range)) = list.next() else { return Ok(Some(ranges)) };
        ranges.push((range.begin, range.end));
    }
}

/// Where ranges are now: parts of them, one for each function that is kept.
pub fn moved(
    moves: &Moves<'_>,
    ranges: &[(u64, u64)],
    budget: &mut Budget,
) -> Result<Vec<Range<u64>>, Spent> {
    let mut moved: Vec<Range<u64>> = Vec::new();
    for (begin, end) in ranges {
        for range in moves.ranges(*begin, *end) {
            budget.pay(4)?;
            moved.push(range);
        }
    }
    Ok(moved)
}

/// A list of ranges for the result.
pub fn range_list(ranges: Vec<Range<u64>>, version: u16) -> RangeList {
    let range = |Range { start, end }: Range<u64>| match version {
        5.. => gimli::write::Range::StartLength {
            begin: Address::Constant(start),
            length: end - start,
        },
        _ => gimli::write::Range::StartEnd {
            begin: Address::Constant(start),
            end: Address::Constant(end),
        },
    };
    RangeList(ranges.into_iter().map(range).collect())
}

/// The places that an attribute lists, as far as they can be right; nothing if it is no such list, or
/// none is left.
pub fn locations(
    input: &Input<'_>,
    expressions: &Expressions<'_, '_>,
    value: AttributeValue<Reader<'_>>,
    budget: &mut Budget,
) -> Result<Option<LocationList>, Spent> {
    let unit = expressions.unit;
    let offset = match value {
        AttributeValue::LocationListsRef(offset) => Some(offset),
        AttributeValue::DebugLocListsIndex(index) => {
            listed(input.location_lists, unit.loclists_base.0, index.0)
                .map(gimli::LocationListsOffset)
        }
        _ => None,
    };
    let Some(mut list) = offset.and_then(|offset| unit.locations(offset).ok()) else {
        return Ok(None);
    };
    let version = unit.encoding().version;
    let mut locations = Vec::new();
    loop {
        budget.pay(4)?;
        let Ok(Some(read::LocationListEntry { range, data })) = list.next() else { break };
        budget.pay(2 * data.0.slice().len() as u64)?;
        let Some(data) = expressions.convert(data, Kind::Place) else { continue };
        if (range.begin, range.end) == (0, u64::MAX) {
            // Wherever no other one holds.
            if version >= 5 {
                locations.push(Location::DefaultLocation { data });
            }
            continue;
        }
        for range in expressions.moves.ranges(range.begin, range.end) {
            budget.pay(8 + data_size(&data))?;
            locations.push(location(range, data.clone(), version));
        }
    }
    Ok((!locations.is_empty()).then_some(LocationList(locations)))
}

fn location(range: Range<u64>, data: Expression, version: u16) -> Location {
    let begin = Address::Constant(range.start);
    match version {
        5.. => Location::StartLength { begin, length: range.end - range.start, data },
        _ => Location::StartEnd { begin, end: Address::Constant(range.end), data },
    }
}

/// What a copy of an expression costs.
fn data_size(expression: &Expression) -> u64 {
    expression.as_raw().map_or(32, |bytes| 4 + bytes.len() as u64 / 8)
}

/// An offset that is listed in a section: the base of a table of offsets, and an index there.
fn listed(section: &[u8], base: usize, index: usize) -> Option<usize> {
    let at = index.checked_mul(4)?.checked_add(base)?;
    let bytes = section.get(at..at.checked_add(4)?)?;
    let offset = u32::from_le_bytes(bytes.try_into().ok()?);
    base.checked_add(usize::try_from(offset).ok()?)
}
