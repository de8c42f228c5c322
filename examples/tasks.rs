//! Random programs of tasks, and what they log when they are fused: a line of JSON each, for
//! `scripts/allowed-tasks.py`.
//!
//! ```text
//! cargo run --release --example tasks -- SEED CASES [free] [streams] [composed]
//! ```
//!
//! Programs are those of `tests/tasks.rs`, unless they are *free*: then what they see may depend on the order. With
//! `composed`, they run in the composition as it is: so an engine can be examined, too.

use std::io::Write;

use anyhow::{Context, Result, anyhow};
use serde_json::{Value, json};
use wasm_fuser::fuse;
use wasm_fuser::options::{Input, Options};

use wasm_fuser_testing::draw::Draw;
use wasm_fuser_testing::host::engine;
use wasm_fuser_testing::tasks::run::{Compiled, Outcome};
use wasm_fuser_testing::tasks::{Program, Shape, random};

/// Programs of a shape.
const PROGRAMS: u64 = 100;

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize| -> Result<u64> {
        Ok(args.get(at).context("SEED CASES [free] [streams] [composed]")?.parse()?)
    };
    let (first, count) = (number(0)?, number(1)?);
    let is = |word: &str| args.iter().skip(2).any(|arg| arg == word);
    let mut out = std::io::stdout().lock();
    let mut compiled: Option<(u64, Shape, Option<Compiled>)> = None;
    for seed in first..first + count {
        let number = seed / PROGRAMS;
        if compiled.as_ref().is_none_or(|(of, ..)| *of != number) {
            let shape = random::shape(&mut Draw(number), is("streams"));
            let running = compile(&shape, is("composed"))?;
            compiled = Some((number, shape, running));
        }
        let Some((_, shape, Some(compiled))) = &compiled else { continue };
        let program = random::program(&mut Draw(seed), shape, is("free"));
        let outcome = compiled.start()?.run(&program)?;
        writeln!(out, "{}", line(seed, shape, &program, &outcome))?;
    }
    Ok(())
}

/// Nothing, if it is refused.
fn compile(shape: &Shape, composed: bool) -> Result<Option<Compiled>> {
    let mut bytes = wat::parse_str(shape.text())?;
    if !composed {
        let input = Input { name: "input".into(), bytes };
        bytes = match fuse(&[input], &Options::default()) {
            Ok(fused) => fused.bytes,
            Err(error) if error.code() == wasm_fuser::Code::AsyncNotFused => return Ok(None),
            Err(error) => return Err(anyhow!("{error}")),
        };
    }
    Ok(Some(Compiled::new(engine(), shape, &bytes)?))
}

fn line(seed: u64, shape: &Shape, program: &Program, outcome: &Outcome) -> Value {
    let instances = shape.instances.iter().map(|it| {
        let kinds: Vec<_> = it.kinds.iter().map(|kind| format!("{kind:?}")).collect();
        json!({ "kinds": kinds, "encoding": format!("{:?}", it.encoding) })
    });
    let funcs = program.funcs.iter().map(|it| {
        let words: Vec<_> = it.steps.iter().map(|step| step.word()).collect();
        json!({ "words": words, "steps": format!("{:?}", it.steps), "obeys": it.obeys })
    });
    json!({
        "name": format!("program {seed}"),
        "shape": {
            "instances": instances.collect::<Vec<_>>(),
            "element": shape.element.map(|element| format!("{element:?}")),
        },
        "program": {
            "funcs": funcs.collect::<Vec<_>>(),
            "rounds": program.rounds,
            "free": program.is_free,
        },
        "outcome": { "log": outcome.log, "returned": outcome.returned, "trap": outcome.trap },
    })
}
