//! From [`Bound`] to [`Merged`]: one core module of all guests and shims, or as few as there can be.
//!
//! The linker of core instances is a crate of its own, [`wasm_fuser_merge`], which knows nothing of
//! components. What it has to be told is decided here: what is exported, how start functions run, and how
//! many memories a module may have.
//!
//! A start function may call the boundary. Where a call of the boundary leads through a trampoline, it can
//! only do so when the trampolines' table is filled, and so after the module has been instantiated
//! (`wrap/trampolines.rs`): then the start function is exported, under the name of the reactor convention.

use wasm_fuser_merge::{self as merge, Export, Merged, Start};

use crate::bind::Bound;
use crate::boundary::Boundary;
use crate::error::Result;
use crate::limits;
use crate::options::{Emit, Options};
use crate::plan::Plan;

/// The name of the start function that the fused module exports, where it cannot run on
/// instantiation.
const START: &str = "_initialize";

/// The same of a command, which then does what it is for.
const MAIN: &str = "_start";

/// Merges the list, unless its instances are to stay as they are: [`Emit::Flat`].
pub fn merge(
    plan: &Plan<'_>,
    bound: &Bound<'_>,
    boundary: &Boundary,
    options: &Options,
) -> Result<Option<Merged>> {
    let started_later = match options.emit {
        Emit::Flat => return Ok(None),
        // A module that imports nothing can start when it is instantiated.
        Emit::Module | Emit::RawModule => !bound.link.externals.is_empty() || plan.main.is_some(),
        Emit::Component => boundary.has_trampolines(),
    };
    limits::mergeable(plan, options)?;
    let start = match started_later {
        true if plan.main.is_some() => Start::Export(boundary.names.free(MAIN)),
        true => Start::Export(boundary.names.free(START)),
        false => Start::Section,
    };
    let exports = boundary.names.iter().map(|(item, name)| Export { name: name.into(), item });
    let exports: Vec<Export> = exports.collect();
    let Options { names, memory, capacity, tables, simd, .. } = *options;
    let merge_options = merge::Options { names, start, memory, capacity, tables, simd };
    let merged = merge::merge(&bound.link, &exports, &merge_options)?;
    limits::merged(&merged, boundary.has_trampolines())?;
    Ok(Some(merged))
}
