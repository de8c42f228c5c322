//! The command line behind the interface `cli` of `wit/world.wit`, and behind `wasi:cli/run`.
//!
//! Nothing happens here: the WIT records and those of this crate and the library are the same.

use std::io::Write;

use wasm_fuser_interface::{Convert, fuse_types, record, variant};

use self::bindings::exports::wasi::cli::run::Guest as Run;
use self::bindings::exports::wasm_fuser::fuser::cli::Guest;

#[allow(unsafe_code, reason = "generated: the canonical ABI hands over pointers")]
mod bindings {
    wit_bindgen::generate!({ path: "../../wit", world: "command-line" });
    export!(CommandLine with_types_in self);
    use super::CommandLine;
}

/// The generated types. Both interfaces have the names that `cli` uses from `fuse`.
mod wit {
    pub use super::bindings::exports::wasm_fuser::fuser::cli::*;
    pub use super::bindings::wasm_fuser::fuser::fuse::*;
    pub use super::bindings::wasm_fuser::fuser::fuse::{
        Artifact, Composition, Error, Graph, Options,
    };
}

/// The types of this crate and of the library, by the names that WIT has for them.
mod own {
    pub use crate::{
        Budget, Command, Dependency, Failure, FuseCommand, GraphFormat, InspectCommand, Invocation,
        LinkCommand, MissingPackage, NamedSource, Presentation, PrintCommand, Sink, Source,
        SpliceCommand, Terminal, WacFailure, WacProblem, Written,
    };
    pub use wasm_fuser::error::{Limit, Part as RemedyPart, Remedy, Setting, Spending};
    pub use wasm_fuser::options::*;
    pub use wasm_fuser::report::{
        Block, BoundaryItem, Crossing, DebugSizes, Direction, Dump, Edge, EdgeKind,
        Fused as Artifact, Graph, HandlePolicy, MemoryUse as Memory, Node, NodeKind, Report,
        ResourceHandles, Shim, Strategy, Totals,
    };
    pub use wasm_fuser::{Composition, Error};
}

fuse_types! {}

record! {
    NamedSource { name, source }
    Budget { memory_mb, seconds }
    Dependency { name, path }
    WacProblem { message, offset }
    MissingPackage { message, offset, places }
    FuseCommand {
        inputs, dependencies, output, options, shims, target, report, explain, optimize, time, quiet,
        watch, budget
    }
    LinkCommand { inputs, dependencies, output, options, quiet, watch, budget }
    InspectCommand { input, format, budget }
    PrintCommand { input, budget }
    SpliceCommand { component, modules, output, budget }
    Terminal { columns, output_colors, error_colors }
    Invocation { command, terminal }
    Failure { message, exit_code }
    Written { sink, replaces, bytes }
    Presentation { stdout, stderr, files }
}

variant! {
    GraphFormat { ; Text, Json, Dot }
    Source { File(_) ; Stdin }
    Sink { File(_) ; Stdout }
    WacFailure { Refused(_), Missing(_), Stopped(_) ; }
    Command { Fuse(_), Link(_), Inspect(_), Print(_), Splice(_), Say(_) ; }
}

struct CommandLine;

impl Guest for CommandLine {
    fn parse(
        arguments: Vec<String>,
        terminal: wit::Terminal,
    ) -> Result<wit::Invocation, wit::Failure> {
        crate::parse(&arguments, terminal.convert()).map(Convert::convert).map_err(Convert::convert)
    }

    fn package_places(
        file: String,
        dependencies: Vec<wit::Dependency>,
        name: String,
    ) -> Vec<String> {
        let dependencies: Vec<_> = dependencies.convert();
        crate::package_places(&file, &dependencies, &name)
    }

    fn wac_error(input: wit::NamedSource, text: String, failure: wit::WacFailure) -> wit::Error {
        crate::wac_error(&input.convert(), &text, &failure.convert()).convert()
    }

    fn present_fused(
        command: wit::FuseCommand,
        artifact: wit::Artifact,
        terminal: wit::Terminal,
    ) -> wit::Presentation {
        crate::present_fused(&command.convert(), &artifact.convert(), terminal.convert()).convert()
    }

    fn present_linked(
        command: wit::LinkCommand,
        composition: wit::Composition,
        terminal: wit::Terminal,
    ) -> String {
        crate::present_linked(&command.convert(), &composition.convert(), terminal.convert())
    }

    fn present_graph(format: wit::GraphFormat, graph: wit::Graph) -> String {
        crate::present_graph(format.convert(), &graph.convert())
    }

    fn present_error(error: wit::Error, terminal: wit::Terminal) -> String {
        crate::present_error(&error.convert(), terminal.convert())
    }
}

impl Run for CommandLine {
    fn run() -> Result<(), ()> {
        let arguments: Vec<String> = std::env::args().skip(1).collect();
        let exit_code = crate::run(&arguments);
        // The runner drops the instance, and with it what is buffered, as soon as this returns.
        let flushed = std::io::stdout().flush();
        if exit_code == 0 && flushed.is_ok() { Ok(()) } else { Err(()) }
    }
}

/// The fuser, which is another component.
pub mod fuser {
    use super::bindings::wasm_fuser::fuser::fuse as imported;
    use super::{own, wit};
    use wasm_fuser::{Input, Options, Result};
    use wasm_fuser_interface::Convert;

    /// Fuses.
    pub fn fuse(inputs: Vec<Input>, options: &Options) -> Result<own::Artifact> {
        let inputs: Vec<wit::Input> = inputs.convert();
        answer(imported::fuse(&inputs, &options.clone().convert()))
    }

    /// Links.
    pub fn link(inputs: Vec<Input>, options: &Options) -> Result<own::Composition> {
        let inputs: Vec<wit::Input> = inputs.convert();
        answer(imported::link(&inputs, &options.clone().convert()))
    }

    /// The instance graph of a component.
    pub fn inspect(input: Input) -> Result<own::Graph> {
        answer(imported::inspect(&input.convert()))
    }

    /// The text format of a component or a core module.
    pub fn print(bytes: &[u8]) -> Result<String> {
        answer(imported::print(bytes))
    }

    /// The core modules of a fused component that have code of the composition.
    pub fn modules(component: &[u8]) -> Result<Vec<Vec<u8>>> {
        answer(imported::modules(component))
    }

    /// A component with other core modules.
    pub fn splice(component: &[u8], modules: &[Vec<u8>]) -> Result<Vec<u8>> {
        answer(imported::splice(component, modules))
    }

    fn answer<T: Convert<U>, U>(answer: Result<T, wit::Error>) -> Result<U> {
        answer.map(Convert::convert).map_err(Convert::convert)
    }
}
