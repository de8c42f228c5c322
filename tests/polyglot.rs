//! Real guests in several languages, one calling the next, do the same when they are fused.
//!
//! What compilers for other languages make of a program is unlike what rustc does: Python's guest is
//! dozens of core modules that share a memory and a table, those of JavaScript are engines with
//! their heap in data segments, AssemblyScript's strings are UTF-16. Run by `make test-polyglot`.

use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use wasm_fuser::fuse;
use wasm_fuser::options::{Emit, Input, MemoryPlan, Options};
use wasmtime::component::Val;

use wasm_fuser_testing::contents::Contents;
use wasm_fuser_testing::differential::Differential;
use wasm_fuser_testing::dwarf::compare;
use wasm_fuser_testing::polyglot::{STAGES, TALLIES, WORDS, chain, has_tallies, over_leaf, stage};
use wasm_fuser_testing::programs::{Program, fused};
use wasm_fuser_testing::run::Live;
use wasm_fuser_testing::values::arguments;

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

/// C, and what its library is compiled with, is described by another compiler than Rust.
#[test]
fn every_instruction_of_a_guest_in_c_has_the_lines_that_it_had() {
    let program = over_leaf(vec![stage("c-debug")]);
    for memory in [MemoryPlan::Multi, MemoryPlan::Split, MemoryPlan::Single] {
        let options = Options { memory, wires: program.wires.clone(), ..Options::default() };
        let fused = fuse(&program.inputs, &options).unwrap_or_else(|error| panic!("{error}"));
        let found = compare(&program.inputs, &fused.bytes);
        let first = found.different.first();
        assert!(found.different.is_empty(), "{memory:?}: {}, {first:?}", found.different.len());
        assert!(found.with_lines > 1000, "{memory:?}: {found:?}");
    }
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
