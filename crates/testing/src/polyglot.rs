//! Guests in several languages, each built by `tests/polyglot/Makefile` when a test first asks for it.
//!
//! Those of the chain import the interfaces that they export, so any of them can stand before any other.

use std::process::Command;
use std::sync::{Mutex, PoisonError};

use wasm_fuser::options::{Input, Wire};

use crate::componentize::componentize;
use crate::guests::{clean, guest};
use crate::programs::Program;

/// Values of every shape.
pub const WORDS: &str = "polyglot:chain/words@1.0.0";
/// A resource.
pub const TALLIES: &str = "polyglot:chain/tallies@1.0.0";

/// The guests that call the next: the name of each is a language, or what runs it.
pub const STAGES: [&str; 6] =
    ["rust", "c", "assemblyscript", "quickjs", "starlingmonkey", "python"];

/// The guests with these names, of which each calls the next, before the one that calls nobody.
pub fn chain(stages: &[&str]) -> Program {
    over_leaf(stages.iter().map(|name| stage(name)).collect())
}

/// Components of which each calls the next, before the guest that calls nobody.
pub fn over_leaf(mut inputs: Vec<Input>) -> Program {
    inputs.push(Input { name: "leaf".into(), bytes: guest("chain-leaf") });
    let mut wires = Vec::new();
    for (index, importer) in inputs.iter().enumerate() {
        let offers = |interface: &str| {
            let later = inputs[index + 1..].iter();
            later.into_iter().find(|input| interface == WORDS || has_tallies(&input.name))
        };
        for interface in [WORDS, TALLIES] {
            if interface == TALLIES && !has_tallies(&importer.name) {
                continue;
            }
            let Some(provider) = offers(interface) else { continue };
            wires.push(Wire {
                importer: importer.name.clone(),
                import_name: interface.into(),
                provider: provider.name.clone(),
                export_name: interface.into(),
            });
        }
    }
    Program { inputs, wires }
}

/// A guest that calls the next.
pub fn stage(name: &str) -> Input {
    let bytes = match name {
        "rust" => guest("chain-stage"),
        _ => built(name),
    };
    Input { name: name.into(), bytes }
}

/// Whether a guest has the interface with the resource.
pub fn has_tallies(name: &str) -> bool {
    name != "assemblyscript"
}

/// The composition of streams, with its filter in another language.
pub fn streams_in(language: &str) -> Program {
    let mut program = Program::streams();
    let filter = program.inputs.iter_mut().find(|input| input.name == "streams-filter");
    let filter = filter.expect("the composition has a filter");
    let bytes = built(&format!("{language}/filter"));
    filter.bytes = match language {
        "c" => componentize(&bytes).expect("it has a world"),
        _ => bytes,
    };
    program
}

/// Has a guest built, if it has changed.
fn built(name: &str) -> Vec<u8> {
    // What several need is installed by one.
    static ONE: Mutex<()> = Mutex::new(());
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    let root = crate::root();
    let mut make = Command::new("make");
    make.arg("--quiet").arg("-C").arg(root.join("tests/polyglot"));
    make.arg(format!("../../target/polyglot/{name}.wasm"));
    let status = clean(&mut make).status().expect("make can be started");
    assert!(status.success(), "the guest `{name}` does not build: {make:?}");
    let file = root.join("target/polyglot").join(name).with_extension("wasm");
    std::fs::read(&file).unwrap_or_else(|error| panic!("guest `{name}`: {error}: {file:?}"))
}
