//! Real guests in several languages, one calling the next, do the same when they are fused.
//!
//! What compilers for other languages make of a program is unlike what rustc does: Python's guest is
//! dozens of core modules that share a memory and a table, those of JavaScript are engines with
//! their heap in data segments, AssemblyScript's strings are UTF-16. Run by `make test-polyglot`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use wasm_fuser::fuse;
use wasm_fuser::options::{DebugInfo, Emit, Input, MemoryPlan, Options, Wire};
use wasmtime::component::Val;

use wasm_fuser_testing::contents::Contents;
use wasm_fuser_testing::differential::Differential;
use wasm_fuser_testing::dwarf::{compare, modules};
use wasm_fuser_testing::guests::{Dwarf, guest};
use wasm_fuser_testing::polyglot::{
    STAGES, TALLIES, WORDS, chain, has_tallies, over_leaf, stage, streams_in,
};
use wasm_fuser_testing::programs::{Program, fused};
use wasm_fuser_testing::run::{Live, Surroundings, call_async};
use wasm_fuser_testing::values::arguments;

use self::matrix::engines::Engine;

/// A composition, and what it is fused to: from separate files, and from one without merging.
fn forms(program: &Program) -> Differential {
    let composed = program.composed();
    let merged = program.fused_from_files().bytes;
    let contents = Contents::of(&merged);
    assert!(contents.is_fused(), "one module of guests' code: {contents:?}");
    let flat = as_emitted(Input { name: "composed".into(), bytes: composed.clone() }, Emit::Flat);
    Differential::of(&composed, [("fused", merged), ("flat", flat.bytes)])
}

fn as_emitted(input: Input, emit: Emit) -> Input {
    let options = Options { emit, ..Options::default() };
    let fused = fuse(std::slice::from_ref(&input), &options);
    Input { bytes: fused.unwrap_or_else(|error| panic!("{error}")).bytes, name: input.name }
}

fn text(text: &str) -> Val {
    Val::String(text.into())
}

#[path = "wasip1/matrix.rs"]
#[expect(dead_code, reason = "it has more for the tests of preview 1")]
mod matrix;

/// A command over a chain, which is given as its names.
fn command(stages: &[&str]) -> Program {
    let Program { mut inputs, mut wires } = chain(stages);
    let wire = Wire {
        importer: "command".into(),
        import_name: WORDS.into(),
        provider: inputs[0].name.clone(),
        export_name: WORDS.into(),
    };
    wires.insert(0, wire);
    inputs.insert(0, Input { name: "command".into(), bytes: guest("chain-command") });
    Program { inputs, wires }
}

/// What it does with its library: files, folders, links, input, clocks, numbers, exits.
#[test]
fn on_preview_1_a_program_in_c_does_the_same_in_every_engine() {
    let program = Program { inputs: vec![stage("c/tool")], wires: Vec::new() };
    let what = ["files", "folders", "clocks", "numbers", "exit", "abort", ""];
    let args: Vec<_> = what.iter().map(|what| [*what, "more", "ä €"]).collect();
    let mut runs: Vec<_> =
        args.iter().map(|args| Surroundings { args, ..Surroundings::default() }).collect();
    let long = "a line\n".repeat(50_000);
    for stdin in ["", "one\ntwo", &long] {
        let (args, stdin) = (&["input"][..], stdin.as_bytes());
        runs.push(Surroundings {
            args, stdin, env: &[("NAME", "ß→")], ..Surroundings::default()
        });
    }
    matrix::holds(&program, &Engine::ALL, &runs);
}

/// Rust calls JavaScript, which calls C and Rust.
#[test]
fn on_preview_1_a_chain_of_languages_does_the_same_in_every_engine() {
    let given = Surroundings { args: &["one", "two", "ä €", "one"], ..Surroundings::default() };
    matrix::holds(&command(&["quickjs", "c", "rust"]), &Engine::ALL, &[given]);
}

/// What is compiled to C, and that compiled again, is for programs that are smaller.
#[test]
fn so_does_one_with_python() {
    let engines = Engine::ALL.iter().filter(|engine| engine.name != "wasm2c");
    let given = Surroundings { args: &["one", "two", "ä €", "one"], ..Surroundings::default() };
    matrix::holds(&command(&["python", "quickjs"]), engines, &[given]);
}

/// Guests in C with debug information, of either version.
const IN_C: [&str; 2] = ["c-dwarf4", "c-dwarf5"];

const DESCRIBED: [(MemoryPlan, DebugInfo); 4] = [
    (MemoryPlan::Multi, DebugInfo::Keep),
    (MemoryPlan::Split, DebugInfo::Keep),
    (MemoryPlan::Single, DebugInfo::Keep),
    (MemoryPlan::Multi, DebugInfo::Lines),
];

fn described(program: &Program, memory: MemoryPlan, debug: DebugInfo) -> Vec<u8> {
    let options = Options { memory, debug, wires: program.wires.clone(), ..Options::default() };
    fuse(&program.inputs, &options).unwrap_or_else(|error| panic!("{error}")).bytes
}

/// It is called back, reads streams and futures of a guest in Rust, and has another one read its own.
#[test]
fn a_guest_in_c_takes_streams_and_returns_others() {
    does_what_rust_does(&streams_in("c"));
}

/// Likewise, in an event loop of Python's own.
#[test]
fn a_guest_in_python_takes_streams_and_returns_others() {
    does_what_rust_does(&streams_in("python"));
}

/// The composition of streams with a guest in another language does what it does in Rust: as it is, and fused.
fn does_what_rust_does(program: &Program) {
    let in_rust = Program::streams().composed();
    let mut forms = vec![("in Rust", in_rust), ("as it is", program.composed())];
    for (form, emit, memory) in [
        ("fused", Emit::Component, MemoryPlan::Multi),
        ("split", Emit::Component, MemoryPlan::Split),
        ("flat", Emit::Flat, MemoryPlan::Multi),
    ] {
        let options = Options { emit, memory, ..Options::default() };
        let fused = fuse(&program.inputs, &options).unwrap_or_else(|error| panic!("{error}"));
        if form == "fused" {
            assert!(Contents::of(&fused.bytes).is_fused(), "one module of guests' code");
        }
        forms.push((form, fused.bytes));
    }
    let outcomes = |(form, bytes): &(&str, Vec<u8>)| {
        let returned = call_async(bytes, "run", &[5, 64].map(Val::U32));
        returned.unwrap_or_else(|error| panic!("{form}: {error:?}"))
    };
    let expected = outcomes(&forms[0]);
    for form in &forms[1..] {
        assert_eq!(outcomes(form), expected, "{}", form.0);
    }
}

/// C, and what its library is compiled with, is described by another compiler than Rust.
#[test]
fn every_instruction_of_a_guest_in_c_has_the_lines_that_it_had() {
    for guest in IN_C {
        let program = over_leaf(vec![stage(guest)]);
        for (memory, debug) in DESCRIBED {
            let fused = described(&program, memory, debug);
            let found = compare(&program.inputs, &fused);
            let (form, first) =
                (format!("{guest}, {memory:?}, {debug:?}"), found.different.first());
            println!("{form}: {} addresses, {} with lines", found.addresses, found.with_lines);
            assert!(found.different.is_empty(), "{form}: {}, {first:?}", found.different.len());
            assert!(found.with_lines > 1000, "{form}: {found:?}");
        }
    }
}

/// Also where it has something to complain of in a guest.
#[test]
fn llvm_has_nothing_to_complain_of_in_debug_information_that_was_written() {
    let in_c = IN_C.map(|guest| (guest, over_leaf(vec![stage(guest)])));
    let in_rust = [("rust 4", Dwarf::Four), ("rust 5", Dwarf::Five)];
    let in_rust = in_rust.map(|(name, version)| (name, Program::faults(version)));
    for (name, program) in in_c.into_iter().chain(in_rust) {
        for (memory, debug) in DESCRIBED {
            let fused = described(&program, memory, debug);
            for module in modules(&fused).iter().filter(|it| it.dwarf_size() > 0) {
                let found = complaints(module.bytes);
                assert!(found.is_empty(), "{name}, {memory:?}, {debug:?}: {found:?}");
            }
        }
    }
}

#[test]
fn llvm_complains_of_debug_information_that_is_damaged() {
    let fused = described(&Program::faults(Dwarf::Four), MemoryPlan::Multi, DebugInfo::Keep);
    let found = modules(&fused);
    let module = found.iter().find(|it| it.dwarf_size() > 0).expect("it has some");
    let is_ranges = |(name, _): &(&str, &[u8])| *name == ".debug_ranges";
    let (_, ranges) = module.dwarf_sections().find(is_ranges).expect("there are ranges");
    let at = ranges.as_ptr() as usize - module.bytes.as_ptr() as usize;
    let mut damaged = module.bytes.to_vec();
    damaged[at..at + ranges.len()].fill(0x55);
    assert!(!complaints(&damaged).is_empty());
}

#[test]
fn the_extension_of_chrome_says_of_a_guest_what_it_said() {
    for guest in IN_C {
        let program = over_leaf(vec![stage(guest)]);
        let before = in_chrome(&program.inputs[0].bytes);
        assert!(before.len() == 1 && before[0].contains("PARAMETER"), "{guest}: {before:?}");
        // In a module of its own there is nothing that is not told.
        let said = |debug| in_chrome(&described(&program, MemoryPlan::Split, debug));
        assert_eq!(said(DebugInfo::Keep), before, "{guest}");
        assert_ne!(said(DebugInfo::Lines), before, "{guest}");
    }
}

/// What it says of the source of the guest in C, for each module that knows it.
fn in_chrome(component: &[u8]) -> Vec<String> {
    let found = modules(component);
    let described = found.iter().filter(|it| it.dwarf_size() > 0).map(|it| scratch(it.bytes));
    let files: Vec<_> = described.collect();
    let folder = wasm_fuser_testing::root().join("tests/polyglot");
    let mut asked = Command::new("node");
    asked.current_dir(folder).arg("chrome.mjs").arg("tests/polyglot/c/stage.c").args(&files);
    let answer = asked.output().unwrap_or_else(|error| panic!("node: {error}"));
    let complaint = String::from_utf8_lossy(&answer.stderr);
    assert!(answer.status.success(), "{complaint}");
    for file in files {
        std::fs::remove_file(&file).expect("it is there");
    }
    let said = String::from_utf8(answer.stdout).expect("it is text");
    said.lines().filter(|lines| *lines != "[]").map(str::to_owned).collect()
}

/// A file with these bytes.
fn scratch(bytes: &[u8]) -> PathBuf {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let name = format!("module{}.wasm", NUMBER.fetch_add(1, Ordering::Relaxed));
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&file, bytes).expect("it can be written");
    file
}

/// What LLVM's own checker says is wrong with the debug information of a module.
fn complaints(module: &[u8]) -> Vec<String> {
    let file = scratch(module);
    let checked = Command::new("llvm-dwarfdump").arg("--verify").arg(&file).output();
    let checked = checked.unwrap_or_else(|error| panic!("llvm-dwarfdump: {error}"));
    std::fs::remove_file(&file).expect("it is there");
    let said = [checked.stdout, checked.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    assert!(said.contains("Verifying"), "it has looked at it: {said}");
    let mut found: Vec<String> =
        said.lines().filter(|line| line.contains("error:")).map(str::to_owned).collect();
    if found.is_empty() && !checked.status.success() {
        found.push(said.into_owned());
    }
    found
}

/// Calls all functions whose arguments can be made from nothing.
fn agree_on_words(forms: &mut Differential) {
    let functions = forms.functions().into_iter().filter(|(interface, ..)| interface == WORDS);
    let functions: Vec<_> = functions.collect();
    assert_eq!(functions.len(), 8, "`words` has eight functions");
    let forms = std::cell::RefCell::new(forms);
    for (interface, function, ty) in functions {
        let config = Config { cases: 50, failure_persistence: None, ..Config::default() };
        let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        let outcome = TestRunner::new_with_rng(config, rng).run(&arguments(&ty), |args| {
            forms.borrow_mut().call(&interface, &function, &args);
            Ok(())
        });
        outcome.unwrap_or_else(|error| panic!("{function}: {error}"));
    }
}

/// Makes resources, calls their methods, passes them on, and drops what is left. A guest that traps
/// in the composition (as QuickJS does in `join`) has to trap in the same call when it is fused.
fn agree_on_tallies(forms: &mut Differential) {
    let seen = forms.run(|live| {
        let mut seen = Vec::new();
        let trapped = tallies(live, &mut seen).is_err();
        (seen, trapped)
    });
    let counts = [1, 1, 2, 1, 1].map(Val::U32);
    assert_eq!(seen.0.get(..counts.len()), Some(&counts[..]), "{seen:?}");
    if let (seen, false) = &seen {
        let words = ["one", "two", "größer"].map(text).to_vec();
        assert_eq!(seen.last(), Some(&Val::List(words)), "{seen:?}");
    }
}

fn tallies(live: &mut Live, seen: &mut Vec<Val>) -> anyhow::Result<()> {
    let mut call = |function: &str, args: &[Val]| {
        let result = live.call(TALLIES, function, args);
        result.map(|value| value.unwrap_or_else(|| panic!("`{function}` returns something")))
    };
    let first = call("[constructor]tally", &[text("first")])?;
    let second = call("[constructor]tally", &[text("second")])?;
    for word in ["one", "two", "one"] {
        seen.push(call("[method]tally.add", &[first.clone(), text(word)])?);
    }
    for word in ["two", "größer"] {
        seen.push(call("[method]tally.add", &[second.clone(), text(word)])?);
    }
    let joined = call("[static]tally.join", &[first, second.clone()])?;
    seen.push(call("[method]tally.name", std::slice::from_ref(&joined))?);
    seen.push(call("[method]tally.add", &[joined.clone(), text("two")])?);
    seen.push(call("[method]tally.words", std::slice::from_ref(&joined))?);
    live.drop(second)?;
    live.drop(joined)
}

/// The chain does the same when it is fused, and goes through these languages.
fn agree(stages: &[&str], languages: &[&str]) {
    let mut forms = forms(&chain(stages));
    let found = forms.call(WORDS, "languages", &[]);
    assert_eq!(found, Some(Val::List(languages.iter().copied().map(text).collect())));
    agree_on_words(&mut forms);
    if has_tallies(stages[0]) {
        agree_on_tallies(&mut forms);
    }
}

#[test]
fn c_calls_rust() {
    agree(&["c"], &["c", "rust"]);
}

#[test]
fn assemblyscript_calls_rust() {
    agree(&["assemblyscript"], &["assemblyscript", "rust"]);
}

#[test]
fn rust_calls_assemblyscript_calls_rust() {
    agree(&["rust", "assemblyscript"], &["rust", "assemblyscript", "rust"]);
}

#[test]
fn javascript_calls_c_calls_rust() {
    agree(&["quickjs", "c"], &["javascript", "c", "rust"]);
}

#[test]
fn javascript_calls_javascript_in_another_engine() {
    agree(&["starlingmonkey", "quickjs"], &["javascript", "javascript", "rust"]);
}

#[test]
fn python_calls_javascript_calls_rust() {
    agree(&["python", "quickjs"], &["python", "javascript", "rust"]);
}

#[test]
fn all_languages_call_one_another() {
    agree(
        &["c", "python", "quickjs", "assemblyscript", "rust"],
        &["c", "python", "javascript", "assemblyscript", "rust", "rust"],
    );
}

/// The `cabi_realloc` of componentize-py panics where it is to grow an allocation, which is what a
/// UTF-16 string that is not ASCII takes to become UTF-8.
#[test]
fn a_guest_that_cannot_grow_an_allocation_traps_where_it_has_to() {
    let program = chain(&["python", "assemblyscript"]);
    let mut ascii = forms(&program);
    ascii.call(WORDS, "shout", &[text("laut")]);
    ascii.traps(WORDS, "shout", &[text("größer")]);
}

#[test]
fn each_guest_does_the_same_when_it_is_fused_alone() {
    for name in STAGES {
        let composed = chain(&[name]).composed();
        let with = |form| over_leaf(vec![as_emitted(stage(name), form)]).composed();
        let merged = with(Emit::Component);
        let mut forms = Differential::of(&composed, [("fused alone", merged)]);
        agree_on_words(&mut forms);
        if has_tallies(name) {
            agree_on_tallies(&mut forms);
        }
    }
}

#[test]
fn a_fused_chain_can_be_fused_again() {
    let once = chain(&["quickjs", "c"]).fused_from_files().bytes;
    let twice = fused(&[Input { name: "fused".into(), bytes: once.clone() }], &[]).bytes;
    agree_on_words(&mut Differential::of(&once, [("fused twice", twice)]));
}
