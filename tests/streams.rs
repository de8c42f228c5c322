//! Streams and futures that the module keeps do what those of the engine do in compositions.
//!
//! Random programs ([`wasm_fuser_testing::streams`]) run as they are and fused, in all forms by turns.
//! Whatever a step returns is the same, and what is in both memories.
//!
//! A failure says its seed, and the program.

use anyhow::{Context, Result, bail, ensure};
use wasm_fuser::fuse;
use wasm_fuser::options::{Emit, Input, MemoryPlan, Options};

use wasm_fuser_testing::draw::{Draw, seeds};
use wasm_fuser_testing::host::engine;
use wasm_fuser_testing::script::{self, Outcome, Step as Directive};
use wasm_fuser_testing::streams::{Element, Encoding, LENGTH, Program, SLOTS, Step};
use wasmtime::component::Val;

/// What a composition is fused to.
const FORMS: [(Emit, MemoryPlan); 4] = [
    (Emit::Component, MemoryPlan::Multi),
    (Emit::Component, MemoryPlan::Split),
    (Emit::Component, MemoryPlan::Single),
    (Emit::Flat, MemoryPlan::Multi),
];

/// Programs, unless the environment says otherwise.
const CASES: u64 = 100;

fn program(draw: &mut Draw) -> Program {
    let element = Element::ALL[draw.below(Element::ALL.len())];
    let future = draw.below(4) == 0;
    let mut encoding = || if draw.below(2) == 0 { Encoding::Utf8 } else { Encoding::Utf16 };
    let encodings = [encoding(), encoding()];
    let data = data(draw, element, encodings[0]);
    // Who reads what is in a slot; nobody, before there is something.
    let mut readers = [None; SLOTS];
    let steps = (0..8 + draw.below(24)).map(|_| step(draw, element, future, &mut readers));
    let steps = steps.collect();
    Program { element, future, encodings, data, steps }
}

fn step(
    draw: &mut Draw,
    element: Element,
    future: bool,
    readers: &mut [Option<usize>; SLOTS],
) -> Step {
    let slot = draw.below(SLOTS);
    let Some(reader) = readers[slot] else {
        let reader = usize::from(draw.below(4) > 0);
        readers[slot] = Some(reader);
        return Step::New { slot, reader };
    };
    let mut range = || {
        let most = if future { 1 } else { [1, 2, 3, 8][draw.below(4)] };
        let length = if future { 1 } else { draw.below(most + 1) as u32 };
        // Seldom, it is not all there.
        let at = match draw.below(200) {
            0 if element.size() > 0 => 0x1000_0000 / element.size() - 1,
            _ => draw.below((LENGTH - length) as usize + 1) as u32,
        };
        (at, length)
    };
    let (at, length) = range();
    match draw.below(24) {
        0..=6 => Step::Write { slot, at, length },
        7..=13 => Step::Read { reader, slot, at, length },
        14 => Step::CancelWrite { slot },
        15 => Step::CancelRead { reader, slot },
        16 if draw.below(3) == 0 => Step::DropWritable { slot },
        17 if draw.below(3) == 0 => Step::DropReadable { reader, slot },
        18 if draw.below(4) == 0 => {
            let reader = usize::from(draw.below(4) > 0);
            readers[slot] = Some(reader);
            Step::New { slot, reader }
        }
        16..=19 => Step::PollWritable { slot },
        20..=22 => Step::PollReadable { reader, slot },
        _ => Step::Sum { side: draw.below(2) },
    }
}

/// What is in the buffer that is written from: elements, and behind them what they point to. Seldom, one
/// is no value.
fn data(draw: &mut Draw, element: Element, encoding: Encoding) -> Vec<u8> {
    let length = LENGTH as usize * element.size() as usize;
    let mut data: Vec<u8> = (0..length).map(|_| draw.any() as u8).collect();
    let wrong = |draw: &mut Draw| draw.below(100) == 0;
    for at in (0..length).step_by(element.size().max(1) as usize) {
        match element {
            Element::Bool => data[at] = draw.below(2) as u8,
            Element::Maybe => data[at] = if wrong(draw) { 2 } else { draw.below(2) as u8 },
            Element::Text | Element::Words => {
                let mut units = draw.below(6);
                let here = 1024 + data.len() as u32;
                // Two bytes each, at an even address.
                let text: String =
                    (0..units).map(|_| ['a', 'é', '€', 'z'][draw.below(4)]).collect();
                match (element, encoding) {
                    (Element::Text, Encoding::Utf8) => {
                        units = text.len();
                        data.extend(text.bytes());
                    }
                    (Element::Text, Encoding::Utf16) => {
                        data.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
                    }
                    _ => data.extend((0..2 * units).map(|_| draw.any() as u8)),
                }
                if data.len() % 2 == 1 {
                    data.push(0);
                }
                let units = if wrong(draw) { 0x10_0000 } else { units as u32 };
                data[at..at + 4].copy_from_slice(&here.to_le_bytes());
                data[at + 4..at + 8].copy_from_slice(&units.to_le_bytes());
            }
            _ => {}
        }
    }
    data
}

fn compare(program: &Program, (emit, memory): (Emit, MemoryPlan)) -> Result<()> {
    let script = program.script();
    let before = script::run(engine(), &script, true, &mut |bytes, _| Ok(bytes))?;
    let options = Options { emit, memory, ..Options::default() };
    let after = script::run(engine(), &script, true, &mut |bytes, _| {
        let input = Input { name: "input".into(), bytes };
        fuse(&[input], &options).map(|fused| fused.bytes).map_err(|error| error.to_string())
    })?;
    same(program, &before, &after).with_context(|| format!("{emit:?}, {memory:?}"))
}

/// What the low bits of a payload say: the other end is dropped.
const DROPPED: u64 = 1;

fn same(program: &Program, before: &[Directive], after: &[Directive]) -> Result<()> {
    ensure!(before.len() == program.steps.len() + 1, "a step is missing");
    for component in [&before[0], &after[0]] {
        if let Err(error) = &component.outcome {
            bail!("{error}");
        }
    }
    for ((step, a), b) in program.steps.iter().zip(&before[1..]).zip(&after[1..]) {
        match (&a.outcome, &b.outcome) {
            (Ok(Outcome::Trapped(_)), Ok(Outcome::Trapped(_))) => return Ok(()),
            // A directive that has no expectation holds unless it traps.
            (Err(_), Err(_)) => return Ok(()),
            (Ok(a), Ok(b)) if a == b => {}
            (Ok(a), Ok(b)) if tells_the_idle(*step, a, b) => return Ok(()),
            (a, b) => bail!("{step:?}: {a:#?}\nbut fused {b:#?}"),
        }
    }
    Ok(())
}

/// Whether the engine tells an end that nobody reads or writes that the other has been dropped: in the
/// specification, that is told to who asks.
fn tells_the_idle(step: Step, engine: &Outcome, fused: &Outcome) -> bool {
    let value = |outcome: &Outcome| match outcome {
        Outcome::Returned(values) => match values[..] {
            [Val::U64(value)] => Some(value),
            _ => None,
        },
        _ => None,
    };
    let polls = matches!(step, Step::PollWritable { .. } | Step::PollReadable { .. });
    // The payload is in the lower half, the code in the upper.
    let dropped =
        value(engine).is_some_and(|value| value >> 60 != 0 && value & 0xffff_ffff == DROPPED);
    polls && dropped && value(fused) == Some(0)
}

#[test]
fn random_programs_of_streams_do_the_same_when_fused() {
    for seed in seeds(CASES) {
        let program = program(&mut Draw(seed));
        let form = FORMS[seed as usize % FORMS.len()];
        if let Err(error) = compare(&program, form) {
            panic!("SEED={seed} CASES=1: {error:?}\n{program:?}\n{}", program.script());
        }
    }
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
