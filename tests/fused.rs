//! A fused component does what the composition does, and is what the fuser promises: one core
//! module, no nested component, the same world.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use wasm_fuser::fuse;
use wasm_fuser::options::{Emit, Input, MemoryPlan, Names, Options};
use wasmtime::component::Val;

use wasm_fuser_testing::componentize::has_world;
use wasm_fuser_testing::contents::{Contents, validate, validate_split};
use wasm_fuser_testing::differential::Differential;
use wasm_fuser_testing::programs::{Program, fused};
use wasm_fuser_testing::run::{Folder, run_command};
use wasm_fuser_testing::world::world;

const FRONT: &str = "calculator:parts/front@1.0.0";
const BOTH: &str = "counters:parts/both@1.0.0";

fn programs() -> [(&'static str, Program); 6] {
    [
        ("calculator", Program::calculator()),
        ("report", Program::report()),
        ("pair", Program::pair()),
        ("values", Program::values()),
        ("nested values", Program::nested_values()),
        ("stage", Program::stage()),
    ]
}

fn text(text: &str) -> Val {
    Val::String(text.into())
}

fn some_files() -> Folder {
    let prose = "Fusing compiles a boundary away.\n\nThe boundary's cost, 5 \u{b5}s, is gone.\n";
    let long = "a somewhat longer line of words, repeated \u{2014} 1,000 times\n".repeat(1000);
    Folder::with(&[
        ("prose.txt", prose.as_bytes()),
        ("empty.txt", b""),
        ("ascii.txt", b"one two\nthree two one two"),
        ("long.txt", long.as_bytes()),
        ("binary.txt", b"\xff\xfe\x00"),
    ])
}

#[test]
fn a_fused_command_prints_the_same() {
    let program = Program::report();
    let composed = program.composed();
    let folder = some_files();
    for args in [
        &["prose.txt"][..],
        &["empty.txt"],
        &["ascii.txt", "long.txt"],
        &["binary.txt", "prose.txt"],
        &["missing.txt"],
        &[],
    ] {
        let expected = run_command(&composed, args, Some(folder.path())).expect("runs");
        for (form, bytes) in program.fused() {
            let found = run_command(&bytes, args, Some(folder.path())).expect("runs");
            assert_eq!(found, expected, "{form}: {args:?}");
        }
    }
}

#[test]
fn a_fused_calculator_computes_the_same() {
    let mut calculator = Differential::new(&Program::calculator());
    for program in [
        "1 + 2 * 3 ^ 2",
        "x = 3; y = x ^ 2; mean(x, y, 1.5)",
        "größe = 7 / 2; -größe",
        "mod(17, 5) + sqrt(2) - min(3, 1, 2) + max(1) + sum()",
        "1 / 0",
        "9223372036854775807 + 1",
        "unknown + 1",
        "2 + \n  * 3",
        "",
        "mean()",
        "a = 1; b = 2; c = 3; a + c",
    ] {
        calculator.call(FRONT, "calculate", &[text(program)]);
        calculator.call(FRONT, "describe", &[text(program)]);
    }
    let table = |expression, count| {
        [text(expression), Val::Float64(-1.0), Val::Float64(0.25), Val::U32(count)]
    };
    calculator.call(FRONT, "table", &table("x ^ 2 - 1 / x", 20));
    calculator.call(FRONT, "table", &table("x +", 3));
    calculator.call(FRONT, "table", &table("x", 0));
    let coefficients = (1..=17).map(|i| Val::Float64(f64::from(i) / 4.0)).collect();
    calculator.call(FRONT, "polynomial", &[Val::Float64(0.5), Val::List(coefficients)]);
}

#[test]
fn a_fused_calculator_computes_random_expressions_the_same() {
    let calculator = std::cell::RefCell::new(Differential::new(&Program::calculator()));
    let leaf = prop_oneof![
        any::<u16>().prop_map(|number| number.to_string()),
        (0u32..1000).prop_map(|number| format!("{}.5", number)),
        Just("x".to_string()),
        Just("unbekannt\u{e4}".to_string()),
    ];
    let expression = leaf.prop_recursive(5, 40, 3, |inner| {
        let operator = proptest::sample::select(vec!["+", "-", "*", "/", "^"]);
        let function = proptest::sample::select(vec!["min", "max", "mean", "sum", "mod", "sqrt"]);
        prop_oneof![
            (inner.clone(), operator, inner.clone())
                .prop_map(|(a, op, b)| format!("({a} {op} {b})")),
            (function, proptest::collection::vec(inner, 0..3))
                .prop_map(|(name, arguments)| format!("{name}({})", arguments.join(", "))),
        ]
    });
    let config = Config { cases: 300, failure_persistence: None, ..Config::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let outcome = TestRunner::new_with_rng(config, rng).run(&expression, |expression| {
        let program = format!("x = 4; {expression}");
        calculator.borrow_mut().call(FRONT, "describe", &[text(&program)]);
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn a_guest_that_traps_traps_when_fused() {
    let too_deep = "(".repeat(1_000_000);
    Differential::new(&Program::calculator()).traps(FRONT, "calculate", &[text(&too_deep)]);
}

#[test]
fn two_instances_of_one_component_have_two_states() {
    let mut pair = Differential::new(&Program::pair());
    let side = |name: &str| Val::Enum(name.into());
    pair.call(BOTH, "add", &[side("left"), Val::S32(5)]);
    pair.call(BOTH, "add", &[side("right"), Val::S32(-7)]);
    pair.call(BOTH, "note", &[side("left"), text("links")]);
    pair.call(BOTH, "note", &[side("right"), text("rechts: →")]);
    pair.call(BOTH, "note", &[side("right"), text("")]);
    let moved = pair.call(BOTH, "transfer", &[side("left"), Val::S32(2)]);
    assert_eq!(moved, Some(Val::Tuple(vec![Val::S64(3), Val::S64(-5)])));
    let states = pair.call(BOTH, "states", &[]);
    let state = |name: &str, total, notes: &[&str]| {
        let notes = notes.iter().map(|note| text(note)).collect();
        Val::Record(vec![
            ("side".into(), side(name)),
            ("total".into(), Val::S64(total)),
            ("notes".into(), Val::List(notes)),
        ])
    };
    let expected = vec![state("left", 3, &["links"]), state("right", -5, &["rechts: →", ""])];
    assert_eq!(states, Some(Val::List(expected)));
}

#[test]
fn a_fused_component_is_valid_and_has_one_module_of_guests_code() {
    for (name, program) in programs() {
        for (form, bytes) in program.merged() {
            validate(&bytes).unwrap_or_else(|error| panic!("{name} {form}: {error}"));
            let contents = Contents::of(&bytes);
            assert!(contents.is_fused(), "{name} {form}: {contents:?}");
            assert_eq!(contents.modules_with_memory, 1, "{name} {form}: {contents:?}");
            assert!(contents.modules <= 3, "{name} {form}: {contents:?}");
        }
    }
}

#[test]
fn a_fused_component_has_the_world_of_the_composition() {
    for (name, program) in programs() {
        let expected = world(&program.composed());
        let others = [("split", program.split().bytes), ("single", program.single().bytes)];
        for (form, bytes) in program.merged().into_iter().chain(others) {
            similar(&format!("{name} {form}"), &expected, &world(&bytes));
        }
    }
}

/// One that knows neither several memories in a module nor constant expressions that add.
fn old_engine() -> wasmtime::Engine {
    let mut config = wasmtime::Config::new();
    config.wasm_component_model_async(true);
    config.wasm_component_model_fixed_length_lists(true);
    config.wasm_component_model_map(true);
    config.wasm_multi_memory(false).wasm_extended_const(false);
    wasmtime::Engine::new(&config).expect("is a valid configuration")
}

#[test]
fn split_a_fused_component_has_one_memory_per_module_and_runs_without_multi_memory() {
    let old = old_engine();
    for (name, program) in programs() {
        let split = program.split();
        validate_split(&split.bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        wasmtime::component::Component::new(&old, &split.bytes)
            .unwrap_or_else(|error| panic!("{name}: {error:?}"));
        let mut modules: Vec<_> = split.report.memories.iter().map(|m| &m.module).collect();
        modules.sort();
        modules.dedup();
        assert_eq!(modules.len(), split.report.memories.len(), "{name}");
        let contents = Contents::of(&split.bytes);
        assert_eq!(contents.components, 1 + contents.shells, "{name}: {contents:?}");
    }
}

#[test]
fn in_one_memory_a_fused_component_is_one_module_that_runs_without_multi_memory() {
    let old = old_engine();
    for (name, program) in programs() {
        let single = program.single();
        validate_split(&single.bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        wasmtime::component::Component::new(&old, &single.bytes)
            .unwrap_or_else(|error| panic!("{name}: {error:?}"));
        let contents = Contents::of(&single.bytes);
        assert!(contents.is_fused(), "{name}: {contents:?}");
        assert!(single.report.memories.iter().all(|memory| memory.index == 0), "{name}");
    }
}

#[test]
fn the_world_of_every_program_can_be_written_in_wit() {
    for (name, program) in programs() {
        let again = program.componentized();
        let again =
            again.unwrap_or_else(|| panic!("{name}: there is no module in the standard form"));
        let (found, expected) = (world(&again), world(&program.composed()));
        if let Err(differs) = has_world(&found, &expected) {
            panic!("{name}: the worlds differ:\n{differs}");
        }
    }
}

#[test]
fn one_module_is_refused_where_each_may_have_one_memory() {
    let program = Program::calculator();
    let (emit, memory) = (Emit::Module, MemoryPlan::Split);
    let error = fuse(&program.inputs, &Options { emit, memory, ..Options::default() });
    let error = error.expect_err("three guests have three memories");
    assert_eq!(error.code(), wasm_fuser::Code::SeveralModules);
    assert!(error.to_string().contains("MemoryPlan::Multi"), "{error}");
}

/// Fails with the lines that differ.
fn similar(name: &str, expected: &str, found: &str) {
    let missing = expected.lines().filter(|line| !found.lines().any(|other| other == *line));
    let added = found.lines().filter(|line| !expected.lines().any(|other| other == *line));
    let lines: Vec<_> =
        missing.map(|l| format!("- {l}")).chain(added.map(|l| format!("+ {l}"))).collect();
    assert!(expected == found, "{name}: the worlds differ:\n{}", lines.join("\n"));
}

#[test]
fn equal_inputs_give_equal_bytes() {
    let program = Program::calculator();
    assert!(program.fused_from_files().bytes == program.fused_from_files().bytes);
    assert!(program.fused_from_one_file().bytes == program.fused_from_one_file().bytes);
}

#[test]
fn what_has_been_fused_can_be_fused_again() {
    let once = Program::report().fused_from_files().bytes;
    let twice = fused(&[Input { name: "fused".into(), bytes: once.clone() }], &[]).bytes;
    let folder = some_files();
    let run = |bytes: &[u8]| run_command(bytes, &["prose.txt"], Some(folder.path())).expect("runs");
    assert_eq!(run(&once), run(&twice));
    similar("fused twice", &world(&once), &world(&twice));
}

#[test]
fn components_that_are_fused_alone_can_be_composed_like_those_that_are_not() {
    for (name, program) in programs() {
        let alone = |Input { name, bytes }: Input| {
            let bytes = fused(&[Input { name: name.clone(), bytes }], &[]).bytes;
            Input { name, bytes }
        };
        let expected = world(&program.composed());
        let Program { inputs, wires } = program;
        let inputs = inputs.into_iter().map(alone).collect();
        let found = world(&Program { inputs, wires }.composed());
        similar(&format!("{name} of fused components"), &expected, &found);
    }
}

#[test]
fn a_flat_component_without_merging_does_the_same() {
    let program = Program::report();
    let options = Options { emit: Emit::Flat, ..Options::default() };
    let flat = fuse(&program.inputs, &options).unwrap_or_else(|error| panic!("{error}"));
    validate(&flat.bytes).expect("is valid");
    assert_eq!(Contents::of(&flat.bytes).components, 1);
    let folder = some_files();
    let run = |bytes: &[u8]| run_command(bytes, &["prose.txt"], Some(folder.path())).expect("runs");
    assert_eq!(run(&flat.bytes), run(&program.composed()));
}

#[test]
fn without_names_the_result_is_smaller_and_does_the_same() {
    let program = Program::report();
    let options = Options { names: Names::Drop, ..Options::default() };
    let small = fuse(&program.inputs, &options).unwrap_or_else(|error| panic!("{error}"));
    assert!(small.bytes.len() < program.fused_from_files().bytes.len());
    let folder = some_files();
    let run = |bytes: &[u8]| run_command(bytes, &["prose.txt"], Some(folder.path())).expect("runs");
    assert_eq!(run(&small.bytes), run(&program.composed()));
}

#[test]
fn every_shim_is_a_valid_module() {
    for (name, program) in programs() {
        for shim in program.fused_from_files().shims {
            if let Err(error) = validate(&shim.bytes) {
                panic!("{name}: shim `{}`: {error}", shim.name);
            }
        }
    }
}
