//! The command line, for every host: the native program, Node.js, and `wasmtime run wasm-fuser.wasm`.
//!
//! A host that parsed its own flags would soon differ from the others in a flag, a message or an
//! exit code. So the command line is a component for all of them, `cli.wasm`, beside the fuser: few who fuse have
//! one, and it is a sixth of all code. It has the WIT interface `cli`: pure functions from arguments to a
//! [`Command`], and from results to text and files. What is left to a host is to read, to call and to write:
//!
//! ```text
//! arguments --parse--> Command --(host reads)--> inputs --fuse--> Fused
//!           --present_fused--> Presentation --(host writes)--> files, stdout, stderr
//! ```
//!
//! [`run`] is one such host, on `std::fs`; it is what `wasi:cli/run` runs. It is the only part of
//! the crate with input and output, and that calls the fuser; everything else in it is a function of its arguments.
//!
//! Exit codes: 0 done; 1 refused, with `error[CODE]` on standard error and nothing written, or written
//! but for a file beside the result; 2 wrong usage.

use wasm_fuser::Options;

mod args;
#[cfg(target_family = "wasm")]
mod exports;
mod fuser;
mod hosting;
mod line;
mod linking;
mod present;
mod run;
mod splicing;
mod style;
mod table;
#[cfg(test)]
mod tests;
mod wac;

pub use self::line::parse;
pub use self::present::{present_error, present_fused, present_graph, present_linked};
pub use self::run::run;
pub use self::wac::{package_places, wac_error};

/// A command line, understood.
#[derive(Clone, Debug)]
pub enum Command {
    /// Fuse.
    Fuse(FuseCommand),
    /// Link, and leave it at that.
    Link(LinkCommand),
    /// Show an instance graph.
    Inspect(InspectCommand),
    /// Print a component or a core module as text, on standard output.
    Print(PrintCommand),
    /// Put core modules into a component, or take them out.
    Splice(SpliceCommand),
    /// Only say this on standard output: help, version, `explain`.
    Say(String),
}

/// `wasm-fuser fuse`.
#[derive(Clone, Debug)]
pub struct FuseCommand {
    /// What to read; the first is the root.
    pub inputs: Vec<NamedSource>,
    /// Where packages of WAC files are.
    pub dependencies: Vec<Dependency>,
    /// Where to write the result.
    pub output: Sink,
    /// Options of the call.
    pub options: Options,
    /// Folder for the shims.
    pub shims: Option<String>,
    /// The target that the options are of, but for those that were given.
    pub target: Option<String>,
    /// Where to write the report, as JSON.
    pub report: Option<Sink>,
    /// Print each crossing and why it was compiled as it was.
    pub explain: bool,
    /// Have the core modules of the result optimised.
    pub optimize: bool,
    /// Print how long each step took.
    pub time: bool,
    /// Say nothing on standard error but warnings.
    pub quiet: bool,
    /// Do it again whenever a file has changed that was read for it.
    pub watch: bool,
    /// Bounds for the host.
    pub budget: Budget,
}

/// `wasm-fuser link`.
#[derive(Clone, Debug)]
pub struct LinkCommand {
    /// What to read; the first is the root.
    pub inputs: Vec<NamedSource>,
    /// Where packages of WAC files are.
    pub dependencies: Vec<Dependency>,
    /// Where to write the composition.
    pub output: Sink,
    /// Options of the call.
    pub options: Options,
    /// Say nothing on standard error but warnings.
    pub quiet: bool,
    /// Do it again whenever a file has changed that was read for it.
    pub watch: bool,
    /// Bounds for the host.
    pub budget: Budget,
}

/// `wasm-fuser inspect`.
#[derive(Clone, Debug)]
pub struct InspectCommand {
    /// What to read.
    pub input: NamedSource,
    /// How to show it.
    pub format: GraphFormat,
    /// Bounds for the host.
    pub budget: Budget,
}

/// `wasm-fuser print`.
#[derive(Clone, Debug)]
pub struct PrintCommand {
    /// What to read.
    pub input: NamedSource,
    /// Bounds for the host.
    pub budget: Budget,
}

/// `wasm-fuser splice`.
#[derive(Clone, Debug)]
pub struct SpliceCommand {
    /// The component.
    pub component: NamedSource,
    /// The core modules to put in. If there are none, those of the component are taken out.
    pub modules: Vec<NamedSource>,
    /// Where to write the result. What is taken out goes to a folder.
    pub output: Sink,
    /// Bounds for the host.
    pub budget: Budget,
}

/// An input that a command names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedSource {
    /// The name of the [`Input`](wasm_fuser::Input).
    pub name: String,
    /// Where it is.
    pub source: Source,
}

/// A package that WAC files name, and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependency {
    /// `namespace:name`, or `namespace:name@version` for one version only.
    pub name: String,
    /// A file.
    pub path: String,
}

/// Where bytes come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A file.
    File(String),
    /// Standard input.
    Stdin,
}

/// Where bytes go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sink {
    /// A file, replaced in one step once its content is complete.
    File(String),
    /// Standard output.
    Stdout,
}

/// What the host may spend on a call of the library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Megabytes (2^20 bytes) of memory for the component.
    pub memory_mb: u32,
    /// Seconds before the component is stopped.
    pub seconds: u32,
}

/// How to show a graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GraphFormat {
    /// A table for people.
    Text,
    /// JSON.
    Json,
    /// Graphviz.
    Dot,
}

/// What the host shows text on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Terminal {
    /// How many characters fit on a line, where that is known.
    pub columns: Option<u32>,
    /// Whether what goes to standard output may have colours.
    pub output_colors: bool,
    /// Whether what goes to standard error may have colours.
    pub error_colors: bool,
}

/// What to do, and for whom.
#[derive(Clone, Debug)]
pub struct Invocation {
    /// What to do.
    pub command: Command,
    /// What was given to [`parse`], as the command line will have it.
    pub terminal: Terminal,
}

/// A command line that was not understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// For standard error.
    pub message: String,
    /// The exit code.
    pub exit_code: u8,
}

/// Why no component was made of a WAC file.
#[derive(Clone, Debug)]
pub enum WacFailure {
    /// It is wrong, or does not fit its packages.
    Refused(WacProblem),
    /// It names a package that is not there.
    Missing(MissingPackage),
    /// WAC's tools stopped, with these last words.
    Stopped(String),
}

/// What is wrong with a WAC file.
#[derive(Clone, Debug)]
pub struct WacProblem {
    /// What WAC's tools say.
    pub message: String,
    /// Where in the text, in bytes from its beginning.
    pub offset: Option<u32>,
}

/// A package that a WAC file names and that is not there.
#[derive(Clone, Debug)]
pub struct MissingPackage {
    /// What WAC's tools say.
    pub message: String,
    /// Where in the text, in bytes from its beginning.
    pub offset: Option<u32>,
    /// Where it was looked for.
    pub places: Vec<String>,
}

/// What a command that succeeded has to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Presentation {
    /// For standard output. Empty where that carries the result or the report.
    pub stdout: String,
    /// For standard error.
    pub stderr: String,
    /// Files to write beside the result. One that cannot be written does not keep the others from it: it is
    /// an error to tell when all is done.
    pub files: Vec<Written>,
}

/// A file to write, beside the result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Where.
    pub sink: Sink,
    /// Whether nobody has given it its name: then it replaces whatever has that name, a symbolic link for
    /// example, and is never written to what that leads to.
    pub replaces: bool,
    /// What.
    pub bytes: Vec<u8>,
}
