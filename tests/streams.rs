//! Streams and futures that the module keeps do what those of the engine do in compositions.
//!
//! Random programs ([`wasm_fuser_testing::streams`]) run as they are and fused, in all forms. Whatever a step
//! returns is the same, and what is in both memories.
//!
//! `CASES` is the number of programs, and `SEED` the first of them. A failure says both, and the program.

use anyhow::{Context, Result, anyhow, bail, ensure};
use wasm_fuser::fuse;
use wasm_fuser::options::{Emit, Input, MemoryPlan, Options};

use wasm_fuser_testing::draw::{Draw, seeds};
use wasm_fuser_testing::host::engine;
use wasm_fuser_testing::script;
use wasm_fuser_testing::streams::run::{Compiled, Returned};
use wasm_fuser_testing::streams::{Program, Shape, random};

/// What a composition is fused to.
const FORMS: [(Emit, MemoryPlan); 4] = [
    (Emit::Component, MemoryPlan::Multi),
    (Emit::Component, MemoryPlan::Split),
    (Emit::Component, MemoryPlan::Single),
    (Emit::Flat, MemoryPlan::Multi),
];

/// Programs of each shape, unless the environment says how many there are.
const PROGRAMS: u64 = 40;

/// A shape as it is, and in all forms.
fn forms(shape: &Shape) -> Result<Vec<(String, Compiled)>> {
    let bytes = wat::parse_str(shape.text())?;
    let mut forms = vec![("as it is".into(), Compiled::new(engine(), &bytes)?)];
    for (emit, memory) in FORMS {
        let options = Options { emit, memory, ..Options::default() };
        let input = Input { name: "input".into(), bytes: bytes.clone() };
        let fused = fuse(&[input], &options).map_err(|error| anyhow!("{error}"))?;
        let compiled = Compiled::new(engine(), &fused.bytes)?;
        forms.push((format!("{emit:?}, {memory:?}"), compiled));
    }
    Ok(forms)
}

/// Whether it traps.
fn same(program: &Program, before: &[Returned], after: &[Returned]) -> Result<bool> {
    for ((step, a), b) in program.steps.iter().zip(before).zip(after) {
        match (a, b) {
            (Err(_), Err(_)) => return Ok(true),
            (Ok(a), Ok(b)) if a == b => {}
            (a, b) => bail!("{step:?}: {a:x?}\nbut fused {b:x?}"),
        }
    }
    ensure!(before.len() == after.len(), "a step is missing");
    Ok(false)
}

/// How many steps it has, and whether it traps.
fn compare(forms: &[(String, Compiled)], program: &Program) -> Result<(usize, bool)> {
    let before = forms[0].1.run(program)?;
    let mut traps = false;
    for (form, compiled) in &forms[1..] {
        let after = compiled.run(program)?;
        traps = same(program, &before, &after).with_context(|| form.clone())?;
    }
    Ok((before.len(), traps))
}

#[test]
fn random_programs_of_streams_do_the_same_when_fused() {
    let shapes = Shape::all();
    let seeds = seeds(PROGRAMS * shapes.len() as u64);
    let (mut steps, mut traps) = (0, 0);
    for (shape, at) in shapes.iter().zip(0..) {
        let mut compiled = None;
        // One seed after another is of another shape.
        for seed in seeds.clone().filter(|seed| seed % shapes.len() as u64 == at) {
            let forms = compiled.get_or_insert_with(|| {
                forms(shape).unwrap_or_else(|error| panic!("{shape:?}: {error:?}"))
            });
            let program = random::program(&mut Draw(seed), shape);
            let (count, has_trapped) = compare(forms, &program).unwrap_or_else(|error| {
                panic!("SEED={seed} CASES=1: {error:?}\n{shape:?}\n{program:?}")
            });
            steps += count;
            traps += usize::from(has_trapped);
        }
    }
    let programs = seeds.end - seeds.start;
    println!("{programs} programs, {steps} steps; {traps} trap");
}

/// A composition that the engine does not take yet; what it is fused to, it does.
const WIDE: &str = include_str!("tasks/wide.wat");

#[test]
fn a_buffer_of_64_bits_is_checked_and_copied() {
    for (emit, memory) in FORMS.into_iter().filter(|(_, memory)| *memory != MemoryPlan::Single) {
        for trap in ["beyond", "too-long"] {
            let script = format!(
                r#"{WIDE}
                (assert_return (invoke "read-bytes") (u32.const 0x04030201))
                (assert_return (invoke "read-texts") (u32.const 0x636261))
                (assert_trap (invoke "{trap}") "unreachable")"#
            );
            let options = Options { emit, memory, ..Options::default() };
            let steps = script::run(engine(), &script, true, &mut |bytes, _| {
                let input = Input { name: "input".into(), bytes };
                fuse(&[input], &options).map(|fused| fused.bytes).map_err(|error| error.to_string())
            });
            for step in steps.expect("the script is one") {
                assert!(step.outcome.is_ok(), "{emit:?}, {memory:?}: {:?}", step.outcome);
            }
        }
    }
}
