//! The instructions with which adapters catch what a guest throws.
//!
//! There are two sets of them: those of the specification, and those of the proposal before it, which
//! compilers still write and which some engines know alone. (wasmtime, the oracle of other tests, knows
//! the first only.)

use wasm_fuser::fuse;
use wasm_fuser::options::{Input, Options};
use wasmparser::{Operator, Parser, Payload};

/// A guest that throws for 7 what leaves it, and one that calls it.
fn composition(catching: &str) -> Input {
    let text = format!(
        r#"(component
          (component $a
            (core module $m
              (tag $t (param i32))
              (func (export "f") (param i32) (result i32)
                (if (i32.eq (local.get 0) (i32.const 7)) (then (throw $t (i32.const 1))))
                {catching}))
            (core instance $i (instantiate $m))
            (func (export "f") (param "x" u32) (result u32) (canon lift (core func $i "f"))))
          (instance $a (instantiate $a))
          (component $b
            (import "f" (func $f (param "x" u32) (result u32)))
            (core func $f (canon lower (func $f)))
            (core module $m
              (import "" "f" (func $f (param i32) (result i32)))
              (func (export "g") (param i32) (result i32) (call $f (local.get 0))))
            (core instance $i (instantiate $m (with "" (instance (export "f" (func $f))))))
            (func (export "g") (param "x" u32) (result u32) (canon lift (core func $i "g"))))
          (instance $b (instantiate $b (with "f" (func $a "f"))))
          (export "g" (func $b "g")))"#
    );
    Input { name: "thrower".into(), bytes: text.into() }
}

const BEFORE: &str = "try (result i32) (local.get 0) catch $t end";
const NOW: &str = "(block $caught (result i32)
    (try_table (result i32) (catch $t $caught) (local.get 0)))";
const NONE: &str = "(local.get 0)";

/// How many instructions of each set the fused code has: before, now.
fn instructions(catching: &str) -> [usize; 2] {
    let fused = fuse(&[composition(catching)], &Options::default()).expect("it is fused").bytes;
    let mut counts = [0, 0];
    for payload in Parser::new(0).parse_all(&fused) {
        let Payload::CodeSectionEntry(body) = payload.expect("is well-formed") else { continue };
        for operator in body.get_operators_reader().expect("has instructions") {
            match operator.expect("an instruction") {
                Operator::Try { .. } => counts[0] += 1,
                Operator::TryTable { .. } => counts[1] += 1,
                _ => {}
            }
        }
    }
    counts
}

#[test]
fn adapters_catch_in_the_form_that_guests_have() {
    assert_eq!(instructions(BEFORE), [2, 0]);
    assert_eq!(instructions(NOW), [0, 2]);
}

#[test]
fn guests_that_throw_and_do_not_catch_have_the_form_of_the_specification() {
    assert_eq!(instructions(NONE), [0, 1]);
}
