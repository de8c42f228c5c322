//! The library behind the interface `fuse` of `wit/world.wit`.
//!
//! Nothing happens here: the WIT records and the library's own are the same.

use wasm_fuser_interface::{Convert, flags, fuse_types};

use self::bindings::exports::wasm_fuser::fuser::fuse::Guest;
use self::bindings::wasm_fuser::fuser::carried::page;

#[allow(unsafe_code, reason = "generated: the canonical ABI hands over pointers")]
mod bindings {
    wit_bindgen::generate!({ path: "../../wit", world: "fuser" });
    export!(Fuser with_types_in self);
    use super::Fuser;
}

/// The generated types.
mod wit {
    pub use super::bindings::exports::wasm_fuser::fuser::fuse::*;
}

/// The library's types, by the names that WIT has for them.
mod own {
    pub use wasm_fuser::error::{Limit, Part as RemedyPart, Remedy, Setting, Spending};
    pub use wasm_fuser::options::*;
    pub use wasm_fuser::report::{
        Block, BoundaryItem, Crossing, DebugSizes, Direction, Dump, Edge, EdgeKind,
        Fused as Artifact, Graph, HandlePolicy, MemoryUse as Memory, Node, NodeKind, Report,
        ResourceHandles, Shim, Strategy, Totals,
    };
    pub use wasm_fuser::{Composition, Error, Target};
}

pub use self::bindings::wasm_fuser::fuser::carried::wasip1 as provider;

fuse_types! {}

struct Fuser;

impl Guest for Fuser {
    fn fuse(inputs: Vec<wit::Input>, options: wit::Options) -> Result<wit::Artifact, wit::Error> {
        crate::fuse(inputs.convert(), &options.convert())
            .map(Convert::convert)
            .map_err(Convert::convert)
    }

    fn inspect(input: wit::Input) -> Result<wit::Graph, wit::Error> {
        wasm_fuser::inspect(&input.convert()).map(Convert::convert).map_err(Convert::convert)
    }

    fn link(
        inputs: Vec<wit::Input>,
        options: wit::Options,
    ) -> Result<wit::Composition, wit::Error> {
        crate::link(inputs.convert(), &options.convert())
            .map(Convert::convert)
            .map_err(Convert::convert)
    }

    fn print(bytes: Vec<u8>) -> Result<String, wit::Error> {
        wasm_fuser::print(&bytes).map_err(Convert::convert)
    }

    fn modules(component: Vec<u8>) -> Result<Vec<Vec<u8>>, wit::Error> {
        wasm_fuser::modules(&component).map_err(Convert::convert)
    }

    fn splice(component: Vec<u8>, modules: Vec<Vec<u8>>) -> Result<Vec<u8>, wit::Error> {
        wasm_fuser::splice(&component, &modules).map_err(Convert::convert)
    }

    fn default_options() -> wit::Options {
        own::Options::default().convert()
    }

    fn targets() -> Vec<wit::Target> {
        let target = |target: &own::Target| wit::Target {
            name: target.name.into(),
            about: target.about.into(),
            command_line: flags(&target.options()),
            options: target.options().convert(),
        };
        own::Target::ALL.iter().map(target).collect()
    }

    fn explain(code: String) -> Option<String> {
        page(&code)
    }
}
