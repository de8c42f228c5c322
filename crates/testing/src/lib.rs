//! What the end-to-end tests and the examples share: guests built from source, composed, run and
//! looked at.
//!
//! The oracle is always the composition as it was, under wasmtime: [`programs`] has each set of
//! guests both as one composed file and as what the fuser makes of it; [`script`] runs a script
//! with its components as they are, or as what the fuser makes of them.

use std::path::{Path, PathBuf};

pub mod case;
pub mod componentize;
pub mod compose;
pub mod contents;
pub mod corpus;
pub mod differential;
pub mod draw;
pub mod dwarf;
pub mod forwarding;
pub mod growth;
pub mod guests;
pub mod host;
pub mod interface;
pub mod lineage;
pub mod linked;
pub mod polyglot;
pub mod programs;
pub mod resources;
pub mod run;
pub mod script;
pub mod streams;
pub mod tasks;
pub mod values;
pub mod world;

/// The top folder of the project.
pub fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// The folder of a suite of cases.
pub fn cases(suite: &str) -> PathBuf {
    root().join("tests/cases").join(suite)
}
