//! Guests in several languages, built by `tests/polyglot/Makefile` when a test first asks for one.
//!
//! Each imports the interfaces that it exports, so any of them can stand before any other.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use wasm_fuser::options::{Input, Wire};

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
        _ => {
            let file = built().join(name).with_extension("wasm");
            std::fs::read(&file).unwrap_or_else(|error| panic!("guest `{name}`: {error}: {file:?}"))
        }
    };
    Input { name: name.into(), bytes }
}

/// Whether a guest has the interface with the resource.
pub fn has_tallies(name: &str) -> bool {
    name != "assemblyscript"
}

fn built() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let root = crate::root();
        let mut make = Command::new("make");
        make.arg("--quiet").arg("-C").arg(root.join("tests/polyglot"));
        let status = clean(&mut make).status().expect("make can be started");
        assert!(status.success(), "the guests in other languages do not build: {make:?}");
        root.join("target/polyglot")
    })
}
