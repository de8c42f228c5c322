//! The arguments of each command: what clap knows, and the values it is given to check.
//!
//! Example: `fuse app.wasm words=target/words.wasm --wire app:words=words:demo:words/count -o out`
//! reads two inputs, `app` and `words`, and connects the import `words` of the one with the export
//! `demo:words/count` of the other. Input names have no colon and import names no equals sign, so a
//! wire has one reading: importer up to the first colon, import up to `=`, provider up to the next
//! colon, export the rest.
//!
//! A path with an equals sign in it is still a path when what stands before the sign is no name:
//! `./a=b.wasm` has the name `a=b`.
//!
//! The structs here are what `--help` is made of and stay private; [`Command`](super::Command) is what
//! hosts see.

use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};

use super::hosting::{self, HostingArgs};
use super::line::usage;
use super::linking::LinkingArgs;
use super::{
    Budget, FuseCommand, GraphFormat, InspectCommand, NamedSource, PrintCommand, Sink, Source,
};
use wasm_fuser::Code;
use wasm_fuser::options::{
    DebugInfo, Emit, Features, Limits, MemoryPlan, Names, Options, Prefer, Regions, Stage, Tables,
    Tasks,
};

/// Fuse components: the first input is the root, the others satisfy its imports and one another's.
#[derive(Args)]
#[command(
    after_help = "Exit codes: 0 done; 1 refused, or not all could be written; 2 wrong usage."
)]
pub(super) struct FuseArgs {
    #[command(flatten)]
    linking: LinkingArgs,

    /// The form of the result [default: component].
    #[arg(long, value_enum)]
    emit: Option<EmitArg>,

    /// What becomes of the names of functions.
    #[arg(long, value_enum, default_value_t)]
    names: NamesArg,

    /// What becomes of debug information.
    #[arg(long, value_enum, default_value_t)]
    debug: DebugArg,

    /// How many memories a core module of the result may have [default: multi].
    #[arg(long, value_enum)]
    memory: Option<MemoryArg>,

    /// Bytes that each memory, or NAME's, can grow to, where it is a region of a single one.
    ///
    /// It has no less than its minimum, and half as much again unless NAME is given; and no more than its
    /// maximum. The last region can go on. NAME is an input, or the path of an instance. Without it: 33554432.
    #[arg(long = "capacity", value_name = "[NAME=]BYTES", value_parser = hosting::capacity)]
    capacities: Vec<(Option<String>, u32)>,

    /// Bytes for the tables of handles in a single memory: accesses to the last region need no checks.
    ///
    /// Without it they come after the last region, and grow as they need.
    #[arg(long, value_name = "BYTES")]
    store: Option<u32>,

    /// Whether guests in a single memory are isolated from each other.
    ///
    /// With `trusting`, no access is checked: it is as fast as with a memory each. But a guest that writes where it
    /// would have trapped writes to another guest's memory.
    #[arg(long, value_enum, default_value_t)]
    regions: RegionsArg,

    /// Do not check accesses of this guest, in a single memory where those of others are checked.
    ///
    /// It is isolated from nobody then: for code that stays in its memory by itself, or has the host write there
    /// anyway. NAME is an input, or the path of an instance.
    #[arg(long = "trust", value_name = "NAME")]
    trusted: Vec<String>,

    /// How many tables of functions a core module of the result may have [default: multi].
    #[arg(long, value_enum)]
    tables: Option<TablesArg>,

    /// What the code of the result may need of WebAssembly.
    #[arg(long, value_enum, default_value_t)]
    features: FeaturesArg,

    /// What generated code is to be [default: speed].
    #[arg(long, value_enum)]
    prefer: Option<PreferArg>,

    /// What becomes of instances with tasks of the engine that cannot be in one component.
    #[arg(long, value_enum, default_value_t)]
    tasks: TasksArg,

    /// Let guests that pass no resource to each other share the engine's handle table.
    ///
    /// Handles of imported and exported resources need not be exchanged at the boundary then. But a
    /// handle that a guest makes up can be another guest's, where the composition would trap.
    #[arg(long)]
    share_handles: bool,

    /// Write each shim, a core module, into this folder.
    #[arg(long, value_name = "DIR")]
    emit_shims: Option<String>,

    /// Print each crossing and each resource, and why it was compiled as it was.
    #[arg(long)]
    explain: bool,

    /// Write what was done, and why, as JSON; - for standard output.
    #[arg(long, value_name = "FILE", value_parser = sink)]
    report: Option<Sink>,

    /// Have `wasm-opt` optimise the core modules of the result.
    ///
    /// It has to be installed: it comes with Binaryen.
    #[arg(short = 'O', long)]
    optimize: bool,

    /// Print how long each step took.
    #[arg(long)]
    time: bool,

    #[command(flatten)]
    hosting: HostingArgs,

    /// Validate and transcode strings with vector instructions, also where the target does without.
    #[arg(long, overrides_with = "no_simd")]
    simd: bool,

    /// Validate and transcode strings without vector instructions.
    #[arg(long, overrides_with = "simd")]
    no_simd: bool,

    /// Do not validate the result.
    #[arg(long)]
    no_validate: bool,

    /// Print the result of a stage, for work on the fuser itself.
    #[arg(long = "dump", value_name = "STAGE", value_delimiter = ',', value_parser = stages())]
    dumps: Vec<String>,

    #[command(flatten)]
    limits: LimitArgs,

    #[command(flatten)]
    budget: BudgetArgs,
}

/// Show a component's instances, who calls whom, and its imports and exports.
#[derive(Args)]
pub(super) struct InspectArgs {
    /// A component, in the binary or the text format: PATH, NAME=PATH, or - for standard input.
    #[arg(value_name = "INPUT", value_parser = named_source)]
    input: NamedSource,

    /// As JSON.
    #[arg(long, conflicts_with = "dot")]
    json: bool,

    /// As a Graphviz graph.
    #[arg(long)]
    dot: bool,

    #[command(flatten)]
    budget: BudgetArgs,
}

/// Print a component or a core module in the text format.
#[derive(Args)]
pub(super) struct PrintArgs {
    /// PATH, or - for standard input.
    #[arg(value_name = "INPUT", value_parser = named_source)]
    input: NamedSource,

    #[command(flatten)]
    budget: BudgetArgs,
}

/// Say what an error code means, with an example and what to do.
#[derive(Args)]
pub(super) struct ExplainArgs {
    /// The code: what stands in the brackets of `error[CODE]`.
    #[arg(value_name = "ERROR-CODE", value_parser = codes(), hide_possible_values = true)]
    code: String,
}

/// Bounds on what an input can multiply.
#[derive(Args)]
#[command(next_help_heading = "Limits")]
struct LimitArgs {
    /// Component instances, and core instances, of the whole composition.
    #[arg(long = "limit-instances", value_name = "N", default_value_t = Limits::default().instances)]
    instances: u32,

    /// Definitions of components and core modules, in each instance of them.
    #[arg(long = "limit-definitions", value_name = "N", default_value_t = Limits::default().definitions)]
    definitions: u32,

    /// Evaluated types, with their fields and cases.
    #[arg(long = "limit-types", value_name = "N", default_value_t = Limits::default().types)]
    types: u32,

    /// Depth to which components and types nest.
    #[arg(long = "limit-depth", value_name = "N", default_value_t = Limits::default().depth)]
    depth: u32,

    /// Bytes of generated shim code.
    #[arg(long = "limit-shim-bytes", value_name = "N", default_value_t = Limits::default().shim_bytes)]
    shim_bytes: u64,

    /// Bytes of the result, and of the core modules that it is made of.
    #[arg(long = "limit-output-bytes", value_name = "N", default_value_t = Limits::default().output_bytes)]
    output_bytes: u64,
}

#[derive(Args)]
#[command(next_help_heading = "Limits")]
pub(super) struct BudgetArgs {
    /// Memory that the fuser may use, where the host can tell.
    #[arg(long = "max-memory-mb", value_name = "N", default_value_t = 2048)]
    memory_mb: u32,

    /// Seconds that the fuser may take, where the host can tell.
    #[arg(long = "max-seconds", value_name = "N", default_value_t = 300)]
    seconds: u32,
}

#[derive(Clone, Copy, ValueEnum)]
enum EmitArg {
    /// One component whose guests' code is one core module.
    Component,
    /// That core module alone, in the form that compilers make: `wasm-tools component new` takes it.
    Module,
    /// That core module, whatever its world is, with a description of its imports and exports.
    RawModule,
    /// One component whose core modules are not merged.
    Flat,
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum NamesArg {
    /// Merge the name sections, each name with the path of its instance before it.
    #[default]
    Keep,
    /// Remove the name sections.
    Drop,
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum DebugArg {
    /// What is about code of the result: files and lines, inlined calls, types and variables.
    #[default]
    Keep,
    /// Only files, lines and inlined calls: what backtraces need.
    Lines,
    /// Remove it.
    Drop,
}

#[derive(Clone, Copy, ValueEnum)]
enum MemoryArg {
    /// As many as there are guests: all code is one module. For engines with multi-memory.
    Multi,
    /// One: there is a module for each memory. For engines without multi-memory.
    Split,
    /// One, of which each guest has a region: all code is one module. For engines with one memory.
    Single,
}

#[derive(Clone, Copy, ValueEnum)]
enum TablesArg {
    /// As many as there are.
    Multi,
    /// One, of which each guest has a part. For engines of the first version of WebAssembly.
    Single,
}

#[derive(Clone, Copy, ValueEnum)]
enum PreferArg {
    /// Fast: operations on handles and tasks are written where they are used.
    Speed,
    /// Small: they are calls.
    Size,
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum RegionsArg {
    /// Each access is checked, where it could leave its guest's region.
    #[default]
    Checked,
    /// None is: no isolation.
    Trusting,
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum FeaturesArg {
    /// Whatever its guests need.
    #[default]
    Any,
    /// Nothing beyond the first version: otherwise an error lists what it needs.
    Mvp,
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum TasksArg {
    /// The composition is refused.
    #[default]
    Refuse,
    /// Each is in a component of its own, with what only it calls.
    Apart,
}

impl FuseArgs {
    pub(super) fn command(self) -> Result<FuseCommand, clap::Error> {
        let linking = self.linking.options()?;
        if self.linking.output == Sink::Stdout && self.report == Some(Sink::Stdout) {
            return Err(usage("the result and the report cannot both go to standard output"));
        }
        let target = self.hosting.options();
        if let (true, Some(EmitArg::Flat)) = (self.optimize, self.emit) {
            return Err(usage("with '--emit flat' the core modules are those of the inputs"));
        }
        let options = Options {
            emit: match self.emit {
                None => target.emit,
                Some(EmitArg::Component) => Emit::Component,
                Some(EmitArg::Module) => Emit::Module,
                Some(EmitArg::RawModule) => Emit::RawModule,
                Some(EmitArg::Flat) => Emit::Flat,
            },
            names: match self.names {
                NamesArg::Keep => Names::Keep,
                NamesArg::Drop => Names::Drop,
            },
            debug: match self.debug {
                DebugArg::Keep => DebugInfo::Keep,
                DebugArg::Lines => DebugInfo::Lines,
                DebugArg::Drop => DebugInfo::Drop,
            },
            memory: match self.memory {
                None => target.memory,
                Some(MemoryArg::Multi) => MemoryPlan::Multi,
                Some(MemoryArg::Split) => MemoryPlan::Split,
                Some(MemoryArg::Single) => MemoryPlan::Single,
            },
            capacity: hosting::capacity_of_all(&self.capacities).unwrap_or(target.capacity),
            capacities: hosting::capacities(target.capacities, &self.capacities),
            store: self.store.or(target.store),
            regions: match self.regions {
                RegionsArg::Checked => Regions::Checked,
                RegionsArg::Trusting => Regions::Trusting,
            },
            trusted: [target.trusted, self.trusted.clone()].concat(),
            tables: match self.tables {
                None => target.tables,
                Some(TablesArg::Multi) => Tables::Multi,
                Some(TablesArg::Single) => Tables::Single,
            },
            features: match self.features {
                FeaturesArg::Any => Features::Any,
                FeaturesArg::Mvp => Features::Mvp,
            },
            prefer: match self.prefer {
                None => target.prefer,
                Some(PreferArg::Speed) => Prefer::Speed,
                Some(PreferArg::Size) => Prefer::Size,
            },
            simd: (target.simd || self.simd) && !self.no_simd,
            validate: !self.no_validate,
            share_handles: self.share_handles,
            tasks: match self.tasks {
                TasksArg::Refuse => Tasks::Refuse,
                TasksArg::Apart => Tasks::Apart,
            },
            fallbacks: target.fallbacks,
            core_imports: target.core_imports,
            only_core_imports: target.only_core_imports,
            start: target.start,
            limits: self.limits.limits(),
            dumps: Stage::ALL
                .into_iter()
                .filter(|stage| self.dumps.iter().any(|name| name == stage.name()))
                .collect(),
            ..linking
        };
        let LinkingArgs { inputs, dependencies, output, quiet, watch, .. } = self.linking;
        Ok(FuseCommand {
            inputs,
            dependencies,
            output,
            options,
            shims: self.emit_shims,
            target: self.hosting.target,
            report: self.report,
            explain: self.explain,
            optimize: self.optimize,
            time: self.time,
            quiet,
            watch,
            budget: self.budget.budget(),
        })
    }
}

impl InspectArgs {
    pub(super) fn command(self) -> InspectCommand {
        InspectCommand {
            input: self.input,
            format: match (self.json, self.dot) {
                (true, _) => GraphFormat::Json,
                (_, true) => GraphFormat::Dot,
                _ => GraphFormat::Text,
            },
            budget: self.budget.budget(),
        }
    }
}

impl PrintArgs {
    pub(super) fn command(self) -> PrintCommand {
        PrintCommand { input: self.input, budget: self.budget.budget() }
    }
}

impl ExplainArgs {
    pub(super) fn page(&self) -> &'static str {
        Code::from_name(&self.code).expect("clap accepts the names of codes only").page()
    }
}

impl LimitArgs {
    fn limits(&self) -> Limits {
        let LimitArgs { instances, definitions, types, depth, shim_bytes, output_bytes } = *self;
        Limits { instances, definitions, types, depth, shim_bytes, output_bytes }
    }
}

impl BudgetArgs {
    pub(super) fn budget(&self) -> Budget {
        Budget { memory_mb: self.memory_mb, seconds: self.seconds }
    }
}

fn codes() -> PossibleValuesParser {
    PossibleValuesParser::new(Code::ALL.iter().map(|code| code.name()))
}

fn stages() -> PossibleValuesParser {
    PossibleValuesParser::new(Stage::ALL.map(Stage::name))
}

pub(super) fn sink(text: &str) -> Result<Sink, String> {
    match text {
        "" => Err("an empty path".into()),
        "-" => Ok(Sink::Stdout),
        path => Ok(Sink::File(path.into())),
    }
}

pub(super) fn named_source(text: &str) -> Result<NamedSource, String> {
    let (name, path) = match text.split_once('=') {
        Some((name, path)) if !name.is_empty() && !name.contains(SEPARATORS) => (name, path),
        _ => (stem(text), text),
    };
    let (name, source) = match path {
        "" => return Err("an empty path".into()),
        "-" if name == "-" => ("stdin", Source::Stdin),
        "-" => (name, Source::Stdin),
        _ => (name, Source::File(path.into())),
    };
    if name.contains(':') {
        return Err(format!("the name `{name}` has a colon; give it another: NAME={path}"));
    }
    Ok(NamedSource { name: name.into(), source })
}

/// Both, because the component does not know what system its host is on.
pub(super) const SEPARATORS: [char; 2] = ['/', '\\'];

/// A file's name without folder and extension.
fn stem(path: &str) -> &str {
    let file = path.rsplit(SEPARATORS).next().unwrap_or(path);
    match file.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        _ => file,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Command, Failure, Terminal, parse};
    use wasm_fuser::options::Wire;

    fn fuse(arguments: &str) -> Result<FuseCommand, Failure> {
        let arguments: Vec<String> =
            format!("fuse {arguments}").split_whitespace().map(str::to_owned).collect();
        parse(&arguments, Terminal::default()).map(|invocation| match invocation.command {
            Command::Fuse(command) => command,
            other => panic!("not a fuse command: {other:?}"),
        })
    }

    fn refused(arguments: &str) -> String {
        let failure = fuse(arguments).expect_err("understood");
        assert_eq!(failure.exit_code, 2);
        failure.message
    }

    #[test]
    fn without_flags_the_options_are_the_default_ones() {
        let command = fuse("a.wasm -o out.wasm").unwrap();
        assert_eq!(format!("{:?}", command.options), format!("{:?}", Options::default()));
    }

    #[test]
    fn an_input_is_named_after_its_file_unless_it_has_a_name() {
        let command = fuse(r"dir.d/a.b.wasm c=x/d.wasm ./e=f.wat C:\g.wasm .h - -o -").unwrap();
        let names: Vec<_> = command.inputs.iter().map(|input| input.name.as_str()).collect();
        assert_eq!(names, ["a.b", "c", "e=f", "g", ".h", "stdin"]);
        assert_eq!(command.inputs[1].source, Source::File("x/d.wasm".into()));
        assert_eq!(command.inputs[2].source, Source::File("./e=f.wat".into()));
        assert_eq!(command.inputs[5].source, Source::Stdin);
        assert_eq!(command.output, Sink::Stdout);
    }

    #[test]
    fn a_name_with_a_colon_is_wrong_usage() {
        assert!(refused("a:b=c.wasm -o out").contains("has a colon"));
        assert!(refused("a:b.wasm -o out").contains("NAME=a:b.wasm"));
    }

    #[test]
    fn arguments_are_escaped_where_they_are_printed() {
        let arguments = ["fuse", "a:\r\nerror: b\u{202e}", "-o", "out"].map(str::to_owned);
        let message =
            parse(&arguments, Terminal::default()).expect_err("a name has no colon").message;
        assert!(message.contains("a:\\r\u{240a}error: b\\u{202e}"), "{message}");
        assert!(!message.contains("\nerror: b"), "{message}");
    }

    #[test]
    fn a_wire_may_name_versioned_interfaces() {
        let command = fuse("a b -o out --wire a:x:y/z@1.0.0=b:x:y/z@1.2.0").unwrap();
        let [Wire { importer, import_name, provider, export_name }] = &command.options.wires[..]
        else {
            panic!("not one wire")
        };
        assert_eq!((&importer[..], &import_name[..]), ("a", "x:y/z@1.0.0"));
        assert_eq!((&provider[..], &export_name[..]), ("b", "x:y/z@1.2.0"));
    }

    #[test]
    fn a_wire_without_all_four_parts_is_wrong_usage() {
        for wire in ["a", "a:b", "a:b=c", "a:=b:c", "a=b:c"] {
            assert!(refused(&format!("a -o out --wire {wire}")).contains("IMPORTER:IMPORT"));
        }
    }

    #[test]
    fn dumps_come_in_the_order_of_the_stages() {
        let command = fuse("a -o out --dump facts,plan --dump plan").unwrap();
        assert_eq!(command.options.dumps, Stage::ALL);
    }

    #[test]
    fn standard_streams_are_used_once() {
        assert!(refused("- x=- -o out").contains("only once"));
        assert!(refused("a -o - --report -").contains("both"));
    }
}
