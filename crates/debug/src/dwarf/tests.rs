//! Expressions and addresses, one by one.

use gimli::constants as c;
use gimli::read::Expression;
use gimli::{EndianSlice, LittleEndian};
use wasm_fuser_merge::{CodeMap, Copied, Indices, InstanceId, Kink, Placed};

use super::expression::{Expressions, Kind};
use super::{Dwarf, UnitRef};
use crate::moves::{Memory, Moves};

const FBREG: u8 = c::DW_OP_fbreg.0;
const ADDR: u8 = c::DW_OP_addr.0;
const DEREF: u8 = c::DW_OP_deref.0;
const PIECE: u8 = c::DW_OP_piece.0;
const PLUS: u8 = c::DW_OP_plus.0;
const PLUS_UCONST: u8 = c::DW_OP_plus_uconst.0;
const STACK_VALUE: u8 = c::DW_OP_stack_value.0;
const WASM: u8 = c::DW_OP_WASM_location.0;

fn instance() -> InstanceId {
    InstanceId::from_u32(0)
}

/// Where things went: global 1 became global 300, global 0 is gone, and memory 0 is somewhere.
fn map(memory: Option<Placed>) -> CodeMap {
    CodeMap {
        functions: vec![
            Copied {
                instance: instance(),
                index: 0,
                input: 2..10,
                output: 20..29,
                kinks: 0..2,
                expanded: false,
            },
            Copied {
                instance: instance(),
                index: 2,
                input: 30..34,
                output: 31..35,
                kinks: 2..2,
                expanded: false,
            },
        ],
        // An instruction of two bytes at 5 has become one of one byte, that at 7 one of five.
        kinks: vec![Kink { input: 5, output: 4 }, Kink { input: 8, output: 9 }],
        indices: vec![Indices {
            instance: instance(),
            globals: vec![None, Some(300)],
            memories: vec![memory],
        }],
    }
}

/// Does something with a unit without entries.
fn with_unit<T>(then: impl FnOnce(UnitRef<'_, '_>) -> T) -> T {
    const INFO: [u8; 13] = [9, 0, 0, 0, 4, 0, 0, 0, 0, 0, 4, 1, 0];
    const ABBREV: [u8; 6] = [1, 0x11, 0, 0, 0, 0];
    let section = |id: gimli::SectionId| {
        let data = match id {
            gimli::SectionId::DebugInfo => &INFO[..],
            gimli::SectionId::DebugAbbrev => &ABBREV,
            _ => &[],
        };
        Ok::<_, gimli::Error>(EndianSlice::new(data, LittleEndian))
    };
    let dwarf = Dwarf::load(section).expect("sections are given");
    let header = dwarf.units().next().expect("is a header").expect("there is one");
    let unit = dwarf.unit(header).expect("is a unit");
    then(unit.unit_ref(&dwarf))
}

/// The bytes that an expression becomes.
fn converted(bytes: &[u8], kind: Kind, memory: Memory) -> Option<Vec<u8>> {
    let placed = match memory {
        Memory::AsIs => Some(Placed { index: 0, base: 0 }),
        Memory::From(base) => Some(Placed { index: 0, base }),
        Memory::Elsewhere => Some(Placed { index: 1, base: 0 }),
    };
    let map = map(placed);
    let moves = Moves::of(&map, instance());
    assert_eq!(moves.memory, memory);
    with_unit(|unit| {
        let base_type = |_| None;
        let expressions = Expressions { moves: &moves, unit, base_type: &base_type };
        let expression = Expression(EndianSlice::new(bytes, LittleEndian));
        let converted = expressions.convert(expression, kind)?;
        Some(converted.as_raw().expect("has no types").to_vec())
    })
}

#[test]
fn globals_have_other_numbers_and_locals_their_own() {
    let value = |bytes: &[u8]| converted(bytes, Kind::Value, Memory::Elsewhere);
    let expected = Some(vec![WASM, 3, 0x2c, 1, 0, 0, STACK_VALUE]);
    assert_eq!(value(&[WASM, 3, 1, 0, 0, 0, STACK_VALUE]), expected);
    assert_eq!(value(&[WASM, 1, 1, STACK_VALUE]), expected);
    assert_eq!(value(&[WASM, 0, 7, STACK_VALUE]), Some(vec![WASM, 0, 7, STACK_VALUE]));
    // The first one is not kept, and a third one never was.
    assert_eq!(value(&[WASM, 1, 0, STACK_VALUE]), None);
    assert_eq!(value(&[WASM, 1, 2, STACK_VALUE]), None);
}

#[test]
fn a_place_in_a_region_has_the_base_added_where_it_is_used() {
    let region = Memory::From(0x10000);
    let place = |bytes: &[u8]| converted(bytes, Kind::Place, region);
    let base = [PLUS_UCONST, 0x80, 0x80, 4];
    let with_base = |parts: &[&[u8]]| Some(parts.join(&base[..]));
    assert_eq!(place(&[FBREG, 12]), with_base(&[&[FBREG, 12], &[]]));
    assert_eq!(place(&[ADDR, 4, 3, 2, 1]), with_base(&[&[ADDR, 4, 3, 2, 1], &[]]));
    assert_eq!(place(&[FBREG, 12, DEREF]), with_base(&[&[FBREG, 12], &[DEREF], &[]]));
    // A value that is read from memory is a value.
    assert_eq!(
        place(&[FBREG, 12, DEREF, STACK_VALUE]),
        with_base(&[&[FBREG, 12], &[DEREF, STACK_VALUE]])
    );
    // Pieces: in a local, in memory, and nowhere.
    let local = [WASM, 0, 3, STACK_VALUE, PIECE, 4];
    assert_eq!(
        place(&[&local[..], &[FBREG, 8, PIECE, 4, PIECE, 2]].concat()),
        with_base(&[&[&local[..], &[FBREG, 8]].concat(), &[PIECE, 4, PIECE, 2]])
    );
    assert_eq!(place(&[WASM, 0, 3, STACK_VALUE]), Some(vec![WASM, 0, 3, STACK_VALUE]));
    // An offset in a record is no place by itself.
    assert_eq!(converted(&[PLUS_UCONST, 8], Kind::Value, region), Some(vec![PLUS_UCONST, 8]));
}

#[test]
fn a_place_in_a_memory_that_debuggers_would_take_for_another_is_dropped() {
    let place = |bytes: &[u8]| converted(bytes, Kind::Place, Memory::Elsewhere);
    assert_eq!(place(&[FBREG, 12]), None);
    assert_eq!(place(&[ADDR, 4, 3, 2, 1]), None);
    assert_eq!(place(&[WASM, 0, 3, DEREF, STACK_VALUE]), None);
    assert_eq!(place(&[WASM, 0, 3, STACK_VALUE, PIECE, 4, FBREG, 8, PIECE, 4]), None);
    let local = [WASM, 0, 3, STACK_VALUE];
    assert_eq!(place(&local), Some(local.to_vec()));
    assert_eq!(place(&[]), Some(vec![]));
    assert_eq!(converted(&[FBREG, 12], Kind::Place, Memory::AsIs), Some(vec![FBREG, 12]));
}

#[test]
fn branches_stay_where_nothing_moves() {
    let skip = [c::DW_OP_skip.0, 1, 0, c::DW_OP_nop.0, c::DW_OP_lit0.0, STACK_VALUE];
    assert_eq!(converted(&skip, Kind::Place, Memory::From(8)), Some(skip.to_vec()));
    let moving = [&[WASM, 1, 1][..], &skip].concat();
    assert_eq!(converted(&moving, Kind::Place, Memory::AsIs), None);
}

#[test]
fn what_refers_to_entries_or_nests_is_dropped() {
    let value = |bytes: &[u8]| converted(bytes, Kind::Value, Memory::AsIs);
    assert_eq!(value(&[c::DW_OP_call4.0, 1, 0, 0, 0]), None);
    assert_eq!(value(&[c::DW_OP_convert.0, 11]), None);
    let entry_value = |bytes: &[u8]| [&[c::DW_OP_entry_value.0, bytes.len() as u8], bytes].concat();
    let plain = entry_value(&[WASM, 0, 2]);
    assert_eq!(value(&plain), Some(plain.clone()));
    assert_eq!(value(&entry_value(&plain)), None);
    assert_eq!(value(&entry_value(&[WASM, 1, 1])), None);
    // What cannot be read.
    assert_eq!(value(&[0xff, PLUS]), None);
}

#[test]
fn ends_are_mapped_in_the_function_of_their_beginning() {
    let map = map(None);
    let moves = Moves::of(&map, instance());
    assert_eq!(moves.memory, Memory::Elsewhere);
    assert_eq!(moves.address(2), Some(20));
    assert_eq!(moves.address(10), None);
    assert_eq!(moves.address_after(10), Some(29));
    assert_eq!(moves.address(11), None);
    let ranges = |begin, end| {
        moves.ranges(begin, end).map(|range| (range.start, range.end)).collect::<Vec<_>>()
    };
    assert_eq!(ranges(2, 10), [(20, 29)]);
    assert_eq!(ranges(7, 10), [(24, 29)]);
    // The function between the two is gone, and so is what is between the bodies.
    assert_eq!(ranges(7, 32), [(24, 29), (31, 33)]);
    assert_eq!(ranges(10, 30), []);
    assert_eq!(ranges(40, 50), []);
    // Linkers of old put zero for what they had thrown away.
    assert_eq!(ranges(0, 8), []);
}

#[test]
fn a_row_within_an_instruction_does_not_move_in_front_of_it() {
    let map = map(None);
    let moves = Moves::of(&map, instance());
    let images: Vec<_> = (2..11).map(|address| moves.address_after(address).unwrap_or(0)).collect();
    // The instruction at 5 is at 23 now, and is one byte long; what is at 7 follows it.
    assert_eq!(images, [20, 21, 22, 23, 24, 24, 25, 26, 29]);
}
