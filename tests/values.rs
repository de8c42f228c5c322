//! Every kind of value goes through a fused crossing as it goes through a composed one.
//!
//! `forward` passes what it gets to `echo` and returns what it gets back: two crossings' worth of
//! lifting and lowering, parameters and results, for each kind of value.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use wasmtime::component::Val;

use wasm_fuser_testing::differential::Differential;
use wasm_fuser_testing::programs::Program;
use wasm_fuser_testing::values::arguments;

/// Calls every function of an interface with random arguments. Shrinks what fails.
fn agree(program: &Program, interface: &str) {
    let differential = std::cell::RefCell::new(Differential::new(program));
    let functions = differential.borrow().functions();
    let functions: Vec<_> = functions.into_iter().filter(|f| f.0.contains(interface)).collect();
    assert!(!functions.is_empty(), "`{interface}` has functions");
    for (interface, function, ty) in functions {
        let config = Config { cases: 100, failure_persistence: None, ..Config::default() };
        let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        let outcome = TestRunner::new_with_rng(config, rng).run(&arguments(&ty), |args| {
            let result = differential.borrow_mut().call(&interface, &function, &args);
            if let ([arg], Some(result)) = (args.as_slice(), result)
                && !has_map(arg)
            {
                prop_assert_eq!(arg, &result);
            }
            Ok(())
        });
        outcome.unwrap_or_else(|error| panic!("{interface} {function}: {error}"));
    }
}

/// A map comes back sorted and without duplicate keys.
fn has_map(value: &Val) -> bool {
    match value {
        Val::Map(_) => true,
        Val::Record(fields) => fields.iter().any(|(_, value)| has_map(value)),
        _ => false,
    }
}

#[test]
fn scalars_cross_unchanged() {
    agree(&Program::values(), "/scalars");
}

#[test]
fn lists_cross_unchanged() {
    agree(&Program::values(), "/lists");
}

#[test]
fn records_variants_and_flags_cross_unchanged() {
    agree(&Program::values(), "/shapes");
}

#[test]
fn functions_of_many_parameters_get_all_of_them() {
    agree(&Program::values(), "/wide");
}

#[test]
fn fixed_length_lists_and_maps_cross_unchanged() {
    agree(&Program::recent_values(), "/recent");
}

#[test]
fn values_cross_two_levels_of_composition_unchanged() {
    let program = Program::nested_values();
    agree(&program, "/scalars");
    agree(&program, "/shapes");
}

#[test]
fn long_lists_and_strings_cross_unchanged() {
    let mut differential = Differential::new(&Program::values());
    let mut echo = |function: &str, value: Val| {
        let interface = if function == "echo-string" { "scalars" } else { "lists" };
        let interface = format!("values:parts/{interface}@1.0.0");
        let result = differential.call(&interface, function, std::slice::from_ref(&value));
        assert!(result == Some(value), "{function} returns what it is given");
    };
    let count = 200_000;
    echo("echo-u8s", Val::List((0..count).map(|i| Val::U8(i as u8)).collect()));
    echo("echo-u64s", Val::List((0..count).map(|i| Val::U64(i << 30)).collect()));
    echo("echo-bools", Val::List((0..count).map(|i| Val::Bool(i % 3 == 0)).collect()));
    echo("echo-string", Val::String("dé €𝄞".repeat(50_000)));
    echo("echo-string", Val::String("plain ".repeat(100_000)));
    let strings = (0..20_000).map(|i| Val::String(format!("{i} 🎼").repeat(i % 7)));
    echo("echo-strings", Val::List(strings.collect()));
}
