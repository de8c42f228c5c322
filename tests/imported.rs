//! What lies around a component that the root imports is fused, and does what it did.
//!
//! The code of an imported component is not there, and no host can pass one to a root: another
//! component has to. Each case of `tests/cases/imported` is a proposition with two of them:
//!
//! * `app.wat` imports components, and exports `run: func() -> u32`. It is fused by itself, in every
//!   form that is a component;
//! * `provider.wat` exports what `app.wat` imports.
//!
//! Linked with the provider, what the fuser makes of the app has to return what the app does, which
//! the folder's `returns.txt` holds, to call the host in the same way, and to have the same world. And
//! so does the whole, when it is fused in its turn. `explain.txt` says what became of each call.
//! `BLESS=1` rewrites both.
//!
//! Wasmtime panics where the type of a component that is passed mentions resources of others. In a
//! case that has the panic as `engine.txt`, the whole is compared only when it is fused: then nothing
//! is passed.

use std::fmt::Write as _;
use std::panic;

use anyhow::{Result, ensure};
use wasm_fuser::options::{Emit, Input, MemoryPlan, Options};
use wasm_fuser::{Report, fuse, link};

use wasm_fuser_testing::case::{self, Case};
use wasm_fuser_testing::cases;
use wasm_fuser_testing::host::Transcript;
use wasm_fuser_testing::linked::{call, input};
use wasm_fuser_testing::world::world;

fn main() -> Result<()> {
    case::run(&cases("imported"), Vec::new(), run)?.exit()
}

/// What can be seen of a composition.
#[derive(Debug, PartialEq)]
struct Seen {
    returns: String,
    calls: Transcript,
    world: String,
}

fn run(case: &mut Case) -> Result<()> {
    let (app, provider) = (input(case, "app")?, input(case, "provider")?);
    let composition = [app.clone(), provider.clone()];
    let expected = seen_fused(&composition, &Options::default())?;
    let engine = panic::catch_unwind(|| seen(&composition));
    let runs = match engine {
        Ok(composed) => {
            same(&composed?, &expected, "all of it, fused")?;
            true
        }
        Err(panic) => {
            case.compare("engine.txt", &format!("{}\n", message(&*panic)))?;
            false
        }
    };
    let mut explained = String::new();
    for (emit, memory) in [
        (Emit::Flat, MemoryPlan::Multi),
        (Emit::Component, MemoryPlan::Split),
        (Emit::Component, MemoryPlan::Multi),
    ] {
        let options = Options { emit, memory, ..Options::default() };
        let form = format!("{emit:?}, {memory:?}");
        let fused = fuse(std::slice::from_ref(&app), &options)?;
        explained = explain(&fused.report);
        let composition = [Input { bytes: fused.bytes, ..app.clone() }, provider.clone()];
        if runs {
            same(&expected, &seen(&composition)?, &form)?;
        }
        same(&expected, &seen_fused(&composition, &options)?, &format!("{form}, fused again"))?;
    }
    case.compare("explain.txt", &explained)?;
    case.compare("returns.txt", &format!("{}\n", expected.returns))
}

/// What is seen of inputs, linked.
fn seen(inputs: &[Input]) -> Result<Seen> {
    let world = world(&link(inputs, &Options::default())?.bytes);
    let (returns, calls) = call(inputs)?;
    Ok(Seen { returns, calls, world })
}

fn seen_fused(inputs: &[Input], options: &Options) -> Result<Seen> {
    let bytes = fuse(inputs, options)?.bytes;
    seen(&[Input { name: "all".into(), bytes }])
}

fn same(expected: &Seen, found: &Seen, form: &str) -> Result<()> {
    ensure!(found == expected, "{form}: {found:#?}\nexpected: {expected:#?}");
    Ok(())
}

fn message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("a panic without words").to_string()
}

/// What became of each call, the modules, and what there is to be warned of.
fn explain(report: &Report) -> String {
    let mut text = String::new();
    for it in &report.crossings {
        let strategy = format!("{:?}", it.strategy).to_lowercase();
        let _ =
            writeln!(text, "{} -> {} {}: {strategy}: {}", it.from, it.to, it.function, it.reason);
    }
    for it in &report.resources {
        let owner = it.owner.as_deref().unwrap_or("(the host)");
        let policy = format!("{:?}", it.policy).to_lowercase();
        let _ = writeln!(text, "resource {} of {owner}: {policy}", it.name);
    }
    for it in &report.blocks {
        let _ = writeln!(text, "module {}: {}", it.name, it.instances.join(", "));
    }
    for it in &report.warnings {
        let _ = writeln!(text, "warning: {it}");
    }
    text
}
