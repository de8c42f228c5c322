//! Debug information says of the result what it said of the guests.
//!
//! Guests are compiled for these tests with all of it: in version 4 optimized as a whole, and in version 5.
//! `DEBUG_GUESTS=all` takes more of them.

use std::collections::BTreeSet;

use wasm_encoder::{CustomSection, Section};
use wasm_fuser::options::{DebugInfo, Emit, Input, MemoryPlan, Options, Wire};
use wasm_fuser::{Fused, fuse};
use wasm_fuser_testing::contents::validate;
use wasm_fuser_testing::dwarf::{self, Module, compare, modules, stripped};
use wasm_fuser_testing::guests::Dwarf;
use wasm_fuser_testing::programs::Program;
use wasm_fuser_testing::run::{Live, Place};
use wasmtime::component::Val;

const OUTER: &str = "faults:parts/outer@1.0.0";

const PLANS: [MemoryPlan; 3] = [MemoryPlan::Multi, MemoryPlan::Split, MemoryPlan::Single];

/// Programs of guests with debug information.
fn programs() -> Vec<(String, Program)> {
    let mut programs = Vec::new();
    for version in [Dwarf::Four, Dwarf::Five] {
        let mut all = vec![("faults", Program::faults(version))];
        if std::env::var_os("DEBUG_GUESTS").is_some_and(|which| which == "all") {
            let calculator = ["front", "evaluator", "arithmetic"];
            all.push(("calculator", Program::debugged(&calculator, version)));
            all.push(("report", Program::debugged(&["report", "text-stats"], version)));
            all.push(("values", Program::debugged(&["forward", "echo"], version)));
            all.push(("stage", Program::debugged(&["chain-stage", "chain-leaf"], version)));
            all.push(("pair", pair(version)));
        }
        programs.extend(all.into_iter().map(|(name, it)| (format!("{name}, {version:?}"), it)));
    }
    programs
}

/// One component that calls two instances of another.
fn pair(version: Dwarf) -> Program {
    let mut program = Program::debugged(&["pair", "counter", "counter"], version);
    for (input, name) in program.inputs.iter_mut().skip(1).zip(["left", "right"]) {
        input.name = name.into();
        program.wires.push(Wire {
            importer: "pair".into(),
            import_name: name.into(),
            provider: name.into(),
            export_name: "counters:parts/counter@1.0.0".into(),
        });
    }
    program
}

fn fused(program: &Program, options: Options) -> Fused {
    let options = Options { wires: program.wires.clone(), ..options };
    fuse(&program.inputs, &options).unwrap_or_else(|error| panic!("{error}"))
}

fn with_debug(debug: DebugInfo, memory: MemoryPlan) -> Options {
    Options { debug, memory, ..Options::default() }
}

/// The debug information of all modules.
fn size(modules: &[Module<'_>]) -> u64 {
    modules.iter().map(Module::dwarf_size).sum()
}

#[test]
fn every_instruction_has_the_frames_that_it_had() {
    for (name, program) in programs() {
        for memory in PLANS {
            for debug in [DebugInfo::Keep, DebugInfo::Lines] {
                let result = fused(&program, with_debug(debug, memory));
                validate(&result.bytes).expect("is valid");
                let found = compare(&program.inputs, &result.bytes);
                let form = format!("{name}, {memory:?}, {debug:?}");
                println!("{form}: {} addresses, {} with lines", found.addresses, found.with_lines);
                assert!(
                    found.different.is_empty(),
                    "{form}: {} differ:\n{}",
                    found.different.len(),
                    found.different[..found.different.len().min(3)].join("\n")
                );
                assert!(found.functions > 100 && found.with_lines > 10_000, "{form}: {found:?}");
                assert!(result.report.warnings.is_empty(), "{form}: {:?}", result.report.warnings);
            }
        }
    }
}

#[test]
fn sections_of_a_guest_as_they_were_are_found_to_be_wrong() {
    let program = Program::faults(Dwarf::Four);
    let options = with_debug(DebugInfo::Drop, MemoryPlan::Multi);
    let mut result = fused(&program, Options { emit: Emit::Module, ..options }).bytes;
    for module in modules(&program.inputs[1].bytes) {
        for (name, data) in module.dwarf_sections() {
            let section = CustomSection { name: name.into(), data: data.into() };
            section.append_to(&mut result);
        }
    }
    let found = compare(&program.inputs, &result);
    assert!(found.different.len() > found.addresses / 2, "{} differ", found.different.len());
}

#[test]
fn traps_and_panics_have_the_backtraces_of_the_composition() {
    let calls = [
        ("divide", vec![Val::S32(7), Val::S32(0)]),
        ("pick", vec![Val::List(vec![Val::S32(1), Val::S32(2)]), Val::U32(2)]),
        ("peek", vec![Val::U32(0xffff_fff0)]),
        ("dive", vec![Val::U32(3)]),
        ("pick-here", vec![Val::List(vec![Val::S32(1)]), Val::U32(1)]),
        ("peek-here", vec![Val::U32(0xffff_fff0)]),
    ];
    let program = Program::faults(Dwarf::Four);
    let composed = program.composed();
    for (function, arguments) in &calls {
        let backtrace = |bytes: &[u8]| -> Vec<Place> {
            let mut live = Live::new(bytes).unwrap_or_else(|error| panic!("{error:?}"));
            live.backtrace(OUTER, function, arguments)
        };
        let expected = backtrace(&composed);
        assert!(expected.iter().any(|it| it.file.ends_with("faults-outer/src/lib.rs")));
        for memory in PLANS {
            for debug in [DebugInfo::Keep, DebugInfo::Lines] {
                let result = fused(&program, with_debug(debug, memory));
                assert_eq!(backtrace(&result.bytes), expected, "{function}: {memory:?}, {debug:?}");
            }
        }
        let result = fused(&program, with_debug(DebugInfo::Drop, MemoryPlan::Multi));
        assert_eq!(backtrace(&result.bytes), [], "{function}");
    }
}

#[test]
fn what_has_been_fused_and_is_fused_again_keeps_its_lines() {
    let program = Program::faults(Dwarf::Five);
    for first in PLANS {
        let once = fused(&program, with_debug(DebugInfo::Keep, first)).bytes;
        let expected =
            Live::new(&once).expect("it is instantiated").backtrace(OUTER, "dive", &[Val::U32(3)]);
        assert!(expected.len() > 5, "{expected:?}");
        for second in PLANS {
            let again = Program {
                inputs: vec![Input { name: "again".into(), bytes: once.clone() }],
                wires: Vec::new(),
            };
            let twice = fused(&again, with_debug(DebugInfo::Keep, second)).bytes;
            let mut live = Live::new(&twice).expect("it is instantiated");
            let found = live.backtrace(OUTER, "dive", &[Val::U32(3)]);
            assert_eq!(found, expected, "{first:?}, {second:?}");
        }
    }
}

#[test]
fn code_does_not_depend_on_debug_information() {
    let program = Program::faults(Dwarf::Four);
    for emit in [Emit::Component, Emit::Module] {
        for memory in
            PLANS.into_iter().filter(|it| emit == Emit::Component || *it != MemoryPlan::Split)
        {
            let dropped = fused(&program, Options { emit, ..with_debug(DebugInfo::Drop, memory) });
            let expected: Vec<&[u8]> = modules(&dropped.bytes).iter().map(|it| it.bytes).collect();
            assert_eq!((dropped.report.debug.after, size(&modules(&dropped.bytes))), (0, 0));
            for debug in [DebugInfo::Keep, DebugInfo::Lines] {
                let kept = fused(&program, Options { emit, ..with_debug(debug, memory) });
                let found: Vec<_> =
                    modules(&kept.bytes).iter().map(|it| stripped(it.bytes)).collect();
                assert!(found == expected, "{emit:?}, {memory:?}, {debug:?}");
                let again = fused(&program, Options { emit, ..with_debug(debug, memory) });
                assert!(
                    again.bytes == kept.bytes,
                    "two runs differ: {emit:?}, {memory:?}, {debug:?}"
                );
            }
        }
    }
}

#[test]
fn of_a_rust_program_a_seventh_is_kept_at_most() {
    for version in [Dwarf::Four, Dwarf::Five] {
        let program = Program::faults(version);
        let before = fused(&program, with_debug(DebugInfo::Keep, MemoryPlan::Multi)).report.debug;
        let lines = fused(&program, with_debug(DebugInfo::Lines, MemoryPlan::Multi)).report.debug;
        let inputs = program.inputs.iter().map(|input| size(&modules(&input.bytes))).sum::<u64>();
        println!("{version:?}: {before:?}, lines {}", lines.after);
        assert_eq!(before.before, inputs);
        // Of a program that was optimized as a whole, less is dead.
        let part = if version == Dwarf::Four { 60 } else { 15 };
        assert!(before.after * 100 <= before.before * part, "{version:?}: {before:?}");
        assert!(lines.after < before.after, "{lines:?}");
    }
}

#[test]
fn unmerged_modules_keep_it_or_lose_it_or_have_their_lines() {
    let program = Program::faults(Dwarf::Five);
    let form = |debug| {
        let options = with_debug(debug, MemoryPlan::Multi);
        fused(&program, Options { emit: Emit::Flat, ..options })
    };
    let before: u64 = program.inputs.iter().map(|input| size(&modules(&input.bytes))).sum();
    let [kept, lines, dropped] = [DebugInfo::Keep, DebugInfo::Lines, DebugInfo::Drop].map(form);
    for result in [&kept, &lines, &dropped] {
        validate(&result.bytes).expect("is valid");
        assert_eq!(result.report.debug.before, before);
    }
    assert_eq!(size(&modules(&kept.bytes)), before);
    assert_eq!(size(&modules(&dropped.bytes)), 0);
    assert!((1..before / 5).contains(&size(&modules(&lines.bytes))));
    let backtrace = |bytes: &[u8]| {
        Live::new(bytes).expect("it is instantiated").backtrace(OUTER, "dive", &[Val::U32(3)])
    };
    assert_eq!(backtrace(&lines.bytes), backtrace(&kept.bytes));
    assert_eq!(backtrace(&dropped.bytes), []);
}

#[test]
fn globals_in_locations_are_those_that_their_guests_mean() {
    let program = Program::faults(Dwarf::Four);
    let of_guest = |input: &Input| {
        let names = mentioned(&input.bytes);
        names.into_iter().map(|name| format!("{}::{name}", input.name)).collect::<Vec<_>>()
    };
    let meant: BTreeSet<String> = program.inputs.iter().flat_map(of_guest).collect();
    let result = fused(&program, with_debug(DebugInfo::Keep, MemoryPlan::Multi));
    let found = mentioned(&result.bytes);
    assert!(found.is_subset(&meant), "{found:?} of {meant:?}");
    for input in &program.inputs {
        let frame_base = format!("{}::__stack_pointer", input.name);
        assert!(found.contains(&frame_base), "{frame_base} in {found:?}");
    }
}

/// The names of the globals that the debug information of a component's module mentions.
fn mentioned(component: &[u8]) -> BTreeSet<String> {
    let modules = modules(component);
    let module = modules.iter().find(|it| it.has_dwarf()).expect("one has it");
    let named = |index: &u32| module.globals.get(index).copied().unwrap_or("?").to_owned();
    dwarf::mentioned_globals(module).keys().map(named).collect()
}
