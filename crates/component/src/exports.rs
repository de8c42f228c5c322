//! The library and the command line behind the interfaces of `wit/world.wit`.
//!
//! Nothing happens here. The WIT records and the library's own are the same, field by field; the
//! macros below write the conversions, both ways, and the compiler refuses a field that one side
//! lacks. (The library does not use the generated types itself: they exist only where it is
//! compiled to a component, and their names are those of an ABI.)

use std::io::Write;

use crate::carried;

use self::bindings::exports::wasi::cli::run::Guest as RunGuest;
use self::bindings::exports::wasm_fuser::fuser::cli::Guest as CliGuest;
use self::bindings::exports::wasm_fuser::fuser::fuse::Guest as FuseGuest;

#[allow(unsafe_code, reason = "generated: the canonical ABI hands over pointers")]
mod bindings {
    wit_bindgen::generate!({ path: "../../wit", world: "fuser" });
    export!(Fuser with_types_in self);
    use super::Fuser;
}

/// The generated types. Both interfaces have the names that `cli` uses from `fuse`.
mod wit {
    pub use super::bindings::exports::wasm_fuser::fuser::cli::*;
    pub use super::bindings::exports::wasm_fuser::fuser::fuse::*;
    pub use super::bindings::exports::wasm_fuser::fuser::fuse::{
        Artifact, Composition, Error, Graph, Options,
    };
}

/// The library's types, by the names that WIT has for them.
mod own {
    pub use crate::cli::*;
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

struct Fuser;

impl FuseGuest for Fuser {
    fn fuse(inputs: Vec<wit::Input>, options: wit::Options) -> Result<wit::Artifact, wit::Error> {
        let (mut inputs, options): (Vec<_>, _) = (inputs.convert(), options.convert());
        carried::complete(&mut inputs, &options);
        wasm_fuser::fuse(&inputs, &options).map(Convert::convert).map_err(Convert::convert)
    }

    fn inspect(input: wit::Input) -> Result<wit::Graph, wit::Error> {
        wasm_fuser::inspect(&input.convert()).map(Convert::convert).map_err(Convert::convert)
    }

    fn link(
        inputs: Vec<wit::Input>,
        options: wit::Options,
    ) -> Result<wit::Composition, wit::Error> {
        let (mut inputs, options): (Vec<_>, _) = (inputs.convert(), options.convert());
        carried::complete(&mut inputs, &options);
        wasm_fuser::link(&inputs, &options).map(Convert::convert).map_err(Convert::convert)
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
            command_line: own::flags(&target.options()),
            options: target.options().convert(),
        };
        own::Target::ALL.iter().map(target).collect()
    }
}

impl CliGuest for Fuser {
    fn parse(
        arguments: Vec<String>,
        terminal: wit::Terminal,
    ) -> Result<wit::Invocation, wit::Failure> {
        own::parse(&arguments, terminal.convert()).map(Convert::convert).map_err(Convert::convert)
    }

    fn package_places(
        file: String,
        dependencies: Vec<wit::Dependency>,
        name: String,
    ) -> Vec<String> {
        let dependencies: Vec<_> = dependencies.convert();
        own::package_places(&file, &dependencies, &name)
    }

    fn wac_error(input: wit::NamedSource, text: String, failure: wit::WacFailure) -> wit::Error {
        own::wac_error(&input.convert(), &text, &failure.convert()).convert()
    }

    fn present_fused(
        command: wit::FuseCommand,
        artifact: wit::Artifact,
        terminal: wit::Terminal,
    ) -> wit::Presentation {
        own::present_fused(&command.convert(), &artifact.convert(), terminal.convert()).convert()
    }

    fn present_linked(
        command: wit::LinkCommand,
        composition: wit::Composition,
        terminal: wit::Terminal,
    ) -> String {
        own::present_linked(&command.convert(), &composition.convert(), terminal.convert())
    }

    fn present_graph(format: wit::GraphFormat, graph: wit::Graph) -> String {
        own::present_graph(format.convert(), &graph.convert())
    }

    fn present_error(error: wit::Error, terminal: wit::Terminal) -> String {
        own::present_error(&error.convert(), terminal.convert())
    }
}

impl RunGuest for Fuser {
    fn run() -> Result<(), ()> {
        let arguments: Vec<String> = std::env::args().skip(1).collect();
        let exit_code = own::run(&arguments);
        // The runner drops the instance, and with it what is buffered, as soon as this returns.
        let flushed = std::io::stdout().flush();
        if exit_code == 0 && flushed.is_ok() { Ok(()) } else { Err(()) }
    }
}

/// What `From` would be, were it allowed for `Vec` and `Option`.
trait Convert<T> {
    fn convert(self) -> T;
}

impl<T: Convert<U>, U> Convert<Vec<U>> for Vec<T> {
    fn convert(self) -> Vec<U> {
        self.into_iter().map(Convert::convert).collect()
    }
}

impl<T: Convert<U>, U> Convert<Option<U>> for Option<T> {
    fn convert(self) -> Option<U> {
        self.map(Convert::convert)
    }
}

macro_rules! same {
    ($($name:ty)+) => {$(
        impl Convert<$name> for $name {
            fn convert(self) -> $name {
                self
            }
        }
    )+};
}

macro_rules! record {
    ($($name:ident { $($field:ident),+ })+) => {$(
        impl Convert<own::$name> for wit::$name {
            fn convert(self) -> own::$name {
                own::$name { $($field: self.$field.convert()),+ }
            }
        }
        impl Convert<wit::$name> for own::$name {
            fn convert(self) -> wit::$name {
                wit::$name { $($field: self.$field.convert()),+ }
            }
        }
    )+};
}

/// Variants with one payload, then variants without.
macro_rules! variant {
    ($($name:ident { $($with:ident(_)),* ; $($without:ident),* })+) => {$(
        impl Convert<own::$name> for wit::$name {
            fn convert(self) -> own::$name {
                match self {
                    $(wit::$name::$with(payload) => own::$name::$with(payload.convert()),)*
                    $(wit::$name::$without => own::$name::$without,)*
                }
            }
        }
        impl Convert<wit::$name> for own::$name {
            fn convert(self) -> wit::$name {
                match self {
                    $(own::$name::$with(payload) => wit::$name::$with(payload.convert()),)*
                    $(own::$name::$without => wit::$name::$without,)*
                }
            }
        }
    )+};
}

same! { bool u8 u32 u64 String }

record! {
    Input { name, bytes }
    Options {
        emit, names, debug, memory, capacity, capacities, store, regions, trusted, tables, features, prefer, simd, validate, share_handles, tasks, wires, chain,
        fallbacks, leave_open, also_export, open, core_imports, only_core_imports, start, limits, dumps
    }
    Capacity { guest, bytes }
    CoreImports { interface, module }
    CoreName { module, name }
    Start { export, exit, if_exported }
    Wire { importer, import_name, provider, export_name }
    Port { input, name }
    Composition { bytes, warnings, notes }
    Limits { instances, definitions, types, depth, shim_bytes, output_bytes }
    Artifact { bytes, shims, report }
    Shim { name, bytes }
    Report { before, after, debug, crossings, resources, blocks, memories, boundary, warnings, notes, dumps }
    DebugSizes { before, after }
    Totals { bytes, components, core_modules, core_instances, functions }
    Crossing { from, to, interface, function, strategy, reason, size }
    ResourceHandles { name, owner, policy, reason }
    Block { name, instances, bytes, functions, features, imported, reason }
    Memory { owner, module, index, base, initial, maximum }
    BoundaryItem {
        direction, core_module, core_name, interface, function, memory, realloc, encoding,
        post_return
    }
    Dump { stage, text }
    Graph { totals, nodes, edges, imports, exports }
    Node { kind, label, parent, size }
    Edge { kind, from, to, labels }
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
    Emit { ; Component, Module, RawModule, Flat }
    Names { ; Keep, Drop }
    DebugInfo { ; Keep, Lines, Drop }
    MemoryPlan { ; Multi, Split, Single }
    Regions { ; Checked, Trusting }
    Tables { ; Multi, Single }
    Prefer { ; Speed, Size }
    Features { ; Any, Mvp }
    OpenImports { ; Any, Wasi, None }
    Tasks { ; Refuse, Apart }
    Stage { ; Plan, Facts }
    RemedyPart { Text(_), Setting(_) ; }
    Setting {
        Emit(_), Memory(_), Tasks(_), Wire(_), LeaveOpen(_), AlsoExport(_), Open(_), Limit(_),
        Budget(_) ; Capacity
    }
    Limit { ; Instances, Definitions, Types, Depth, ShimBytes, OutputBytes }
    Spending { ; MemoryMb, Seconds }
    Strategy { ; Direct, Adapt, Engine }
    HandlePolicy { ; Internal, Passthrough, Bridged }
    Direction { ; Imported, Exported }
    NodeKind { ; ComponentInstance, CoreInstance, Imported, Exported }
    EdgeKind { ; Crossing, Boundary, Core }
    GraphFormat { ; Text, Json, Dot }
    Source { File(_) ; Stdin }
    Sink { File(_) ; Stdout }
    WacFailure { Refused(_), Missing(_), Stopped(_) ; }
    Command { Fuse(_), Link(_), Inspect(_), Print(_), Splice(_), Say(_) ; }
}

impl Convert<wit::Error> for own::Error {
    fn convert(self) -> wit::Error {
        let place = self.place().clone();
        wit::Error {
            code: self.code().to_string(),
            message: self.message().to_owned(),
            input: place.input,
            instance_path: place.instance_path,
            function: place.function,
            offset: place.offset,
            remedy: self.remedy().parts().to_vec().convert(),
        }
    }
}

impl Convert<own::Error> for wit::Error {
    fn convert(self) -> own::Error {
        let code = wasm_fuser::Code::from_name(&self.code).unwrap_or(wasm_fuser::Code::Internal);
        let place = wasm_fuser::error::Place {
            input: self.input,
            instance_path: self.instance_path,
            function: self.function,
            offset: self.offset,
        };
        let remedy: Vec<own::RemedyPart> = self.remedy.convert();
        let remedy: own::Remedy = remedy.into_iter().collect();
        let mut lines = self.message.split('\n');
        let first = lines.next().unwrap_or_default();
        own::Error::new(code, first).with_lines(lines).in_place(place).with_help(remedy)
    }
}
