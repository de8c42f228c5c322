//! Debug information that is damaged, or asks for too much, is never the reason why a composition is not
//! fused; and what is kept of it takes no more time and space than its size allows.
//!
//! `CASES` is how many damaged ones are tried, `SEED` the first one's seed.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use wasm_fuser::options::{DebugInfo, Emit, Input, Limits, MemoryPlan, Options};
use wasm_fuser::{Fused, fuse};
use wasm_fuser_testing::contents::validate;
use wasm_fuser_testing::draw::{Draw, seeds};
use wasm_fuser_testing::dwarf::{compare, modules};
use wasm_fuser_testing::guests::Dwarf;
use wasm_fuser_testing::programs::Program;

/// The longest that one may take, on a busy machine.
const LONGEST: Duration = Duration::from_secs(20);

/// Sections of debug information, in the making.
#[derive(Clone, Default)]
struct Sections {
    abbrev: Vec<u8>,
    info: Vec<u8>,
    strings: Vec<u8>,
    ranges: Vec<u8>,
    line: Vec<u8>,
}

const COMPILE_UNIT: u8 = 0x11;
const SUBPROGRAM: u8 = 0x2e;
const LEXICAL_BLOCK: u8 = 0x0b;

const NAME: u8 = 0x03;
const STMT_LIST: u8 = 0x10;
const LOW_PC: u8 = 0x11;
const HIGH_PC: u8 = 0x12;
const RANGES: u8 = 0x55;

const ADDR: u8 = 0x01;
const DATA4: u8 = 0x06;
const STRP: u8 = 0x0e;
const SEC_OFFSET: u8 = 0x17;
const FLAG_PRESENT: u8 = 0x19;

/// Where the only function of the guest begins, and how long it is.
const CODE: (u32, u32) = (2, 9);

impl Sections {
    fn abbreviation(&mut self, code: u8, tag: u8, children: bool, attributes: &[(u8, u8)]) {
        self.abbrev.extend([code, tag, children.into()]);
        self.abbrev.extend(attributes.iter().flat_map(|(name, form)| [*name, *form]));
        self.abbrev.extend([0, 0]);
    }

    /// Appends a unit of version 4 with these entries.
    fn unit(&mut self, entries: &[u8]) {
        let length = 2 + 4 + 1 + entries.len() as u32;
        self.info.extend(length.to_le_bytes());
        self.info.extend([4, 0, 0, 0, 0, 0, 4]);
        self.info.extend(entries);
    }

    /// A guest with these sections, and a function.
    fn guest(&self, name: &str) -> String {
        let sections = [
            (".debug_abbrev", &self.abbrev),
            (".debug_info", &self.info),
            (".debug_str", &self.strings),
            (".debug_ranges", &self.ranges),
            (".debug_line", &self.line),
        ];
        let custom = |(name, data): &(&str, &Vec<u8>)| {
            let bytes: String = data.iter().map(|byte| format!("\\{byte:02x}")).collect();
            format!("(@custom \"{name}\" \"{bytes}\")\n")
        };
        let sections: String = sections.iter().map(custom).collect();
        format!(
            r#"(core module ${name}
              (func (export "{name}") (result i32) (i32.add (i32.const 1) (i32.const 2)) (nop) (nop))
              {sections})
            (core instance ${name} (instantiate ${name}))
            (func (export "{name}") (result u32) (canon lift (core func ${name} "{name}")))"#
        )
    }
}

/// The code of an entry that has an address and a length.
fn code() -> Vec<u8> {
    [CODE.0.to_le_bytes(), CODE.1.to_le_bytes()].concat()
}

/// A small unit, with a function of that name.
fn modest(name: &str) -> Sections {
    let mut sections = Sections::default();
    sections.abbreviation(1, COMPILE_UNIT, true, &[(LOW_PC, ADDR), (HIGH_PC, DATA4)]);
    sections.abbreviation(2, SUBPROGRAM, false, &[(NAME, STRP), (LOW_PC, ADDR), (HIGH_PC, DATA4)]);
    sections.abbrev.push(0);
    sections.strings.extend(name.bytes().chain([0]));
    let entries = [&[1][..], &code(), &[2, 0, 0, 0, 0], &code(), &[0]].concat();
    sections.unit(&entries);
    sections
}

fn fused(sections: &Sections, options: &Options) -> Fused {
    let text =
        format!("(component {} {})", sections.guest("hostile"), modest("modest").guest("modest"));
    let input = Input { name: "guests".into(), bytes: text.into_bytes() };
    let begun = Instant::now();
    let fused = fuse(&[input], options).unwrap_or_else(|error| panic!("{error}"));
    assert!(begun.elapsed() < LONGEST, "it takes {:?}", begun.elapsed());
    validate(&fused.bytes).expect("is valid");
    // The other guest keeps its own.
    let has_modest = |(name, data): (&str, &[u8])| {
        name == ".debug_str" && data.windows(6).any(|it| it == b"modest")
    };
    let is_there = modules(&fused.bytes).iter().any(|it| it.dwarf_sections().any(has_modest));
    assert!(is_there, "the modest one is lost");
    fused
}

fn warned(fused: &Fused, about: &str) {
    let warnings = &fused.report.warnings;
    assert!(warnings.iter().any(|it| it.contains(about)), "{about}: {warnings:?}");
}

#[test]
fn a_function_of_a_guest_of_this_test_is_found() {
    let result = fused(&modest("other"), &Options::default());
    assert_eq!(result.report.warnings, [""; 0]);
    let input = format!("(component {})", modest("other").guest("guest"));
    let input = wat::parse_str(input).expect("is text");
    let function = modules(&input)[0].dwarf_size();
    assert!(function > 50 && result.report.debug.after > 50, "{:?}", result.report.debug);
}

/// Functions whose names are ends of one long string.
#[test]
fn names_that_are_ends_of_one_long_string_are_no_reason_for_gigabytes() {
    let mut sections = modest("x");
    sections.info.clear();
    sections.strings = vec![b'a'; 100_000];
    sections.strings.push(0);
    let mut entries = [&[1][..], &code()].concat();
    for offset in 0..10_000u32 {
        entries.push(2);
        entries.extend((offset * 7).to_le_bytes());
        entries.extend(code());
    }
    entries.push(0);
    sections.unit(&entries);
    let result = fused(&sections, &Options::default());
    warned(&result, "asks for too much: nothing of it is kept");
    assert!(result.report.debug.after < 1000, "{:?}", result.report.debug);
}

/// The same of entries that only types and variables would need.
#[test]
fn what_asks_for_too_much_is_reduced_to_lines_first() {
    let mut sections = Sections::default();
    sections.abbreviation(1, COMPILE_UNIT, true, &[(LOW_PC, ADDR), (HIGH_PC, DATA4)]);
    sections.abbreviation(2, SUBPROGRAM, true, &[(NAME, STRP), (LOW_PC, ADDR), (HIGH_PC, DATA4)]);
    // A parameter.
    sections.abbreviation(3, 0x05, false, &[(NAME, STRP)]);
    sections.abbrev.push(0);
    sections.strings = vec![b'a'; 100_000];
    sections.strings.push(0);
    let mut entries = [&[1][..], &code(), &[2], &99_990u32.to_le_bytes(), &code()].concat();
    for offset in 0..10_000u32 {
        entries.push(3);
        entries.extend((offset * 7).to_le_bytes());
    }
    entries.extend([0, 0]);
    sections.unit(&entries);
    let result = fused(&sections, &Options::default());
    warned(&result, "asks for too much: only files and lines of it are kept");
    let lines = Options { debug: DebugInfo::Lines, ..Options::default() };
    assert_eq!(fused(&sections, &lines).report.warnings, [""; 0]);
}

#[test]
fn entries_that_share_a_list_of_ranges_are_paid_for_each() {
    let mut sections = Sections::default();
    sections.abbreviation(1, COMPILE_UNIT, true, &[(RANGES, SEC_OFFSET)]);
    sections.abbreviation(2, SUBPROGRAM, false, &[(RANGES, SEC_OFFSET)]);
    sections.abbrev.push(0);
    for _ in 0..20_000 {
        sections.ranges.extend([CODE.0.to_le_bytes(), (CODE.0 + 1).to_le_bytes()].concat());
    }
    sections.ranges.extend([0; 8]);
    let mut entries = vec![1, 0, 0, 0, 0];
    for _ in 0..20_000 {
        entries.extend([2, 0, 0, 0, 0]);
    }
    entries.push(0);
    sections.unit(&entries);
    warned(&fused(&sections, &Options::default()), "asks for too much");
}

#[test]
fn units_that_share_a_line_table_are_paid_for_each() {
    let mut sections = Sections::default();
    sections.abbreviation(
        1,
        COMPILE_UNIT,
        false,
        &[(STMT_LIST, SEC_OFFSET), (LOW_PC, ADDR), (HIGH_PC, DATA4)],
    );
    sections.abbrev.push(0);
    // One file, and a sequence of many rows.
    let header = [&[1, 1, 1, 0, 1, 1][..], &[0], b"a.c\0\0\0\0", &[0]].concat();
    let mut program = [&[0, 5, 2][..], &CODE.0.to_le_bytes()].concat();
    program.extend(std::iter::repeat_n(1, 50_000));
    program.extend([0, 1, 1]);
    let length = 2 + 4 + header.len() + program.len();
    sections.line.extend((length as u32).to_le_bytes());
    sections.line.extend([4, 0]);
    sections.line.extend((header.len() as u32).to_le_bytes());
    sections.line.extend(&header);
    sections.line.extend(&program);
    for _ in 0..5_000 {
        sections.unit(&[&[1, 0, 0, 0, 0][..], &code()].concat());
    }
    warned(&fused(&sections, &Options::default()), "asks for too much");
}

#[test]
fn units_that_share_a_long_table_of_abbreviations_are_paid_for_each() {
    let mut sections = Sections::default();
    sections.abbreviation(1, COMPILE_UNIT, false, &[(LOW_PC, ADDR), (HIGH_PC, DATA4)]);
    for _ in 0..60_000 {
        sections.abbreviation(9, SUBPROGRAM, false, &[]);
    }
    sections.abbrev.push(0);
    for _ in 0..20_000 {
        sections.unit(&[&[1][..], &code()].concat());
    }
    let result = fused(&sections, &Options::default());
    assert!(!result.report.warnings.is_empty());
}

#[test]
fn entries_with_very_many_attributes_are_left_out() {
    let mut sections = Sections::default();
    sections.abbreviation(1, COMPILE_UNIT, true, &[(LOW_PC, ADDR), (HIGH_PC, DATA4)]);
    sections.abbreviation(2, SUBPROGRAM, false, &vec![(0x3f, FLAG_PRESENT); 100_000]);
    sections.abbrev.push(0);
    let mut entries = [&[1][..], &code()].concat();
    entries.extend([2; 100_000]);
    entries.push(0);
    sections.unit(&entries);
    warned(&fused(&sections, &Options::default()), "cannot be read");
}

/// Whoever writes a tree is as deep in calls as the tree is.
#[test]
fn entries_may_nest_to_any_depth() {
    let mut sections = modest("x");
    sections.abbrev.pop();
    sections.abbreviation(3, SUBPROGRAM, true, &[(NAME, STRP), (LOW_PC, ADDR), (HIGH_PC, DATA4)]);
    sections.abbreviation(4, LEXICAL_BLOCK, true, &[(LOW_PC, ADDR), (HIGH_PC, DATA4)]);
    sections.abbrev.push(0);
    sections.info.clear();
    let mut entries = [&[1][..], &code(), &[3, 0, 0, 0, 0], &code()].concat();
    for _ in 0..100_000 {
        entries.push(4);
        entries.extend(code());
    }
    entries.extend(vec![0; 100_002]);
    sections.unit(&entries);
    let result = fused(&sections, &Options::default());
    assert_eq!(result.report.warnings, [""; 0]);
    assert!(result.report.debug.after > 100_000, "{:?}", result.report.debug);
}

#[test]
fn what_there_is_no_room_for_is_left_out() {
    let program = Program::faults(Dwarf::Four);
    let with = |debug, output_bytes| {
        let limits = Limits { output_bytes, ..Limits::default() };
        fuse(&program.inputs, &Options { debug, limits, ..Options::default() }).map(|it| it.bytes)
    };
    let dropped = with(DebugInfo::Drop, 1 << 30).expect("it is fused").len() as u64;
    let kept = with(DebugInfo::Keep, 1 << 30).expect("it is fused").len() as u64;
    let lines = with(DebugInfo::Lines, 1 << 30).expect("it is fused").len() as u64;
    // It may have half of what is left.
    let room = |size| dropped + 2 * (size - dropped) + 1000;
    for (limit, size) in [(room(kept), kept), (room(lines), lines), (lines, dropped)] {
        let fused = with(DebugInfo::Keep, limit).expect("it is fused");
        assert_eq!(fused.len() as u64, size, "within {limit}");
    }
}

/// Sections of a real guest, some bytes of which are others.
#[test]
fn damaged_sections_are_left_out_as_far_as_they_are_damaged() {
    let mut kept = 0;
    let seeds = seeds(40);
    let cases = seeds.end - seeds.start;
    for seed in seeds {
        let mut draw = Draw(seed);
        let version = [Dwarf::Four, Dwarf::Five][draw.below(2)];
        let program = Program::faults(version);
        let mut bytes = program.inputs[1].bytes.clone();
        let ranges: Vec<_> = {
            let modules = modules(&program.inputs[1].bytes);
            let start = program.inputs[1].bytes.as_ptr() as usize;
            let sections = modules.iter().flat_map(|module| module.dwarf_sections());
            sections
                .map(|(_, data)| data.as_ptr() as usize - start)
                .zip(modules.iter().flat_map(|it| it.dwarf_sections()).map(|(_, data)| data.len()))
                .collect()
        };
        for _ in 0..1 + draw.below(8) {
            let (start, length) = ranges[draw.below(ranges.len())];
            let at = start + draw.below(length);
            bytes[at] = match draw.below(3) {
                0 => [0, 1, 0x7f, 0x80, 0xff][draw.below(5)],
                1 => bytes[at] ^ 1 << draw.below(8),
                _ => draw.below(256) as u8,
            };
        }
        let input = Input { name: "damaged".into(), bytes };
        let options = Options {
            debug: [DebugInfo::Keep, DebugInfo::Lines][draw.below(2)],
            emit: [Emit::Component, Emit::Flat][draw.below(2)],
            memory: [MemoryPlan::Multi, MemoryPlan::Single][draw.below(2)],
            ..Options::default()
        };
        let begun = Instant::now();
        let outcome = catch_unwind(AssertUnwindSafe(|| fuse(&[input], &options)));
        let outcome = outcome.unwrap_or_else(|_| panic!("SEED={seed} CASES=1: it panics"));
        let fused = outcome.unwrap_or_else(|error| panic!("SEED={seed} CASES=1: {error}"));
        assert!(begun.elapsed() < LONGEST, "SEED={seed} CASES=1: it takes {:?}", begun.elapsed());
        kept += usize::from(fused.report.debug.after > 10_000);
    }
    println!("{kept} of {cases} kept most of it");
    assert!(kept as u64 > cases / 2, "{kept} of {cases}");
}

/// The damage of one guest is not that of another.
#[test]
fn a_guest_with_damaged_sections_leaves_those_of_others_alone() {
    let mut program = Program::faults(Dwarf::Four);
    let outer = program.inputs[0].clone();
    let inner = &mut program.inputs[1];
    let whole = inner.bytes.clone();
    let abbrev =
        modules(&whole).iter().flat_map(|it| it.dwarf_sections()).find_map(|(name, data)| {
            (name == ".debug_abbrev").then(|| data.as_ptr() as usize - whole.as_ptr() as usize)
        });
    let abbrev = abbrev.expect("there are abbreviations");
    inner.bytes[abbrev..abbrev + 400].fill(0xff);
    let result = fuse(&program.inputs, &Options::default()).expect("it is fused");
    warned(&result, "cannot be read");
    let found = compare(&[outer], &result.bytes);
    assert!(found.different.is_empty() && found.with_lines > 5_000, "{found:?}");
}
