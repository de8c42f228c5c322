//! Core modules are taken out of a fused component and put back, as for an optimiser.

use std::borrow::Cow;

use wasm_encoder::{CustomSection, Section};
use wasm_fuser::{Code, modules, splice};
use wasm_fuser_testing::contents::validate;
use wasm_fuser_testing::programs::Program;
use wasm_fuser_testing::run::Live;

/// A module with one more section, which changes nothing.
fn marked(module: &[u8]) -> Vec<u8> {
    let mut module = module.to_vec();
    CustomSection { name: "mark".into(), data: Cow::Borrowed(b"here") }.append_to(&mut module);
    module
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[test]
fn what_is_taken_out_and_put_back_gives_the_same_component() {
    let calculator = Program::calculator();
    for fused in [calculator.fused_from_files(), calculator.split(), calculator.single()] {
        let modules = modules(&fused.bytes).expect("a fused component has modules");
        assert_eq!(modules.len(), fused.report.blocks.len());
        assert!(splice(&fused.bytes, &modules).expect("they fit") == fused.bytes);
    }
}

#[test]
fn modules_take_the_places_of_those_with_the_same_exports_in_any_order() {
    let fused = Program::calculator().split();
    let mut others: Vec<_> = modules(&fused.bytes).unwrap().iter().map(|it| marked(it)).collect();
    assert!(others.len() > 1);
    others.reverse();
    let spliced = splice(&fused.bytes, &others).expect("they fit");
    validate(&spliced).expect("the result is valid");
    others.reverse();
    assert!(modules(&spliced).unwrap() == others, "each is where the one was that it was made of");
    Live::new(&spliced).expect("the result can be instantiated");
}

#[test]
fn one_of_two_equal_modules_is_replaced_at_a_time() {
    let component = wat::parse_str(
        r#"(component
            (core module (func (export "f")))
            (component (core module (func (export "f")))))"#,
    )
    .unwrap();
    let module = marked(&wat::parse_str(r#"(module (func (export "f")))"#).unwrap());
    let once = splice(&component, std::slice::from_ref(&module)).unwrap();
    let twice = splice(&component, &[module.clone(), module.clone()]).unwrap();
    assert!(once.len() < twice.len() && contains(&twice, b"mark"));
    let error = splice(&component, &[module.clone(), module.clone(), module]).unwrap_err();
    assert_eq!(error.code(), Code::DoesNotFit);
    assert!(error.to_string().contains("of module 3: `f`"), "{error}");
}

#[test]
fn a_module_that_does_not_fit_is_refused() {
    let component = wat::parse_str(
        r#"(component
            (core module $m (func (export "f") (result i32) i32.const 1))
            (core instance $i (instantiate $m))
            (func (export "f") (result u32) (canon lift (core func $i "f"))))"#,
    )
    .unwrap();
    let with = |module: &str| splice(&component, &[wat::parse_str(module).unwrap()]);
    let better = with(r#"(module (func (export "f") (result i32) i32.const 2))"#).unwrap();
    Live::new(&better).expect("the result can be instantiated");
    let other_type = with(r#"(module (func (export "f")))"#).unwrap_err();
    assert_eq!(other_type.code(), Code::InvalidComponent);
    let one_more =
        r#"(module (func (import "a" "b")) (func (export "f") (result i32) i32.const 2))"#;
    assert_eq!(with(one_more).unwrap_err().code(), Code::InvalidComponent);
    assert_eq!(with("(module)").unwrap_err().code(), Code::DoesNotFit);
    let component_as_module = splice(&component, std::slice::from_ref(&component)).unwrap_err();
    assert_eq!(component_as_module.code(), Code::InvalidInput);
    assert_eq!(splice(b"(component)", &[]).unwrap_err().code(), Code::InvalidInput);
    let module = wat::parse_str("(module)").unwrap();
    assert_eq!(splice(&module, &[]).unwrap_err().code(), Code::NotAComponent);
    assert_eq!(modules(&module).unwrap(), [module]);
}
