//! From the linked core instances back to a component: the boundary, written again.
//!
//! # Problem
//!
//! The result has to have the same world as the composition: the same imports and exports, with
//! types that mean the same. Inside it is as flat as can be.
//!
//! ```text
//! (component
//!   (import ...)                       as the root declares them (`types`)
//!   (core module $fused ...)
//!   (canon lower ...)                  imports, directly or through `trampolines`
//!   (core instance $main (instantiate $fused ...))
//!   (canon lift ...) (export ...))     as the root declares them
//! ```
//!
//! # How
//!
//! [`merged`] and [`flat`] differ in what is between imports and exports: one core
//! instance, or a few, or all of them. Either way a core item is found by where it is (see `Core`),
//! so that lowering and lifting are written once (`code`), and so is the boundary (`world`). Merged modules
//! are put in at the end (`framed`).
//!
//! Where there are several groups, each is wrapped so, and [`compose`] writes a component around
//! them (`groups`).
//!
//! An exported instance is a bag of exports: no nested component is needed to make one, unless its
//! functions are named after a resource, or which hands on a type of another one (`shell`).

use wasm_fuser_merge::hash::HashMap;
use wasm_fuser_merge::{Merged, ModuleId};

pub use self::describe::items;
pub use self::framed::Framed;
pub use self::groups::compose;
pub use self::item::{BoundaryItem, Direction};
use crate::analyse::Facts;
use crate::bind::Bound;
use crate::boundary::Boundary;
use crate::error::Result;
use crate::options::{Emit, Options};
use crate::plan::Plan;

mod builtin;
mod carried;
mod code;
mod core;
mod declarations;
mod describe;
mod flat;
mod framed;
mod groups;
mod item;
mod merged;
mod names;
mod shell;
mod trampolines;
mod typed;
mod types;
mod world;

/// The code that is wrapped.
#[derive(Clone, Copy, Debug)]
pub struct Code<'a> {
    /// The merged modules, if guests are merged.
    pub merged: Option<&'a Merged>,
    /// If they are not: what is in the place of modules.
    pub modules: &'a HashMap<ModuleId, Vec<u8>>,
}

/// Writes the result, as `options.emit` says: a component, in which the merged modules are missing yet, or the
/// merged module alone.
pub fn wrap(
    plan: &Plan<'_>,
    facts: &Facts,
    bound: &Bound<'_>,
    boundary: &Boundary,
    code: Code<'_>,
    options: &Options,
) -> Result<Framed> {
    let Some(merged) = code.merged else {
        return flat::wrap_flat(plan, facts, boundary, bound, code.modules, options)
            .map(Framed::whole);
    };
    match options.emit {
        Emit::Module | Emit::RawModule => {
            describe::module(plan, facts, bound, boundary, merged, options).map(Framed::whole)
        }
        _ => merged::wrap_merged(plan, facts, boundary, bound, merged, options),
    }
}
