//! What is linked, and how: arguments that `fuse` and `link` have in common, and `link` itself.

use clap::{Args, ValueEnum};
use wasm_fuser::options::{OpenImports, Options, Port, Wire};

use super::args::{BudgetArgs, named_source, sink};
use super::line::usage;
use super::{Dependency, LinkCommand, NamedSource, Sink, Source};

/// Link components, and do not fuse them: write the composition that `fuse` would fuse.
#[derive(Args)]
pub(super) struct LinkArgs {
    #[command(flatten)]
    linking: LinkingArgs,

    #[command(flatten)]
    budget: BudgetArgs,
}

/// What is linked, and how.
#[derive(Args)]
pub(super) struct LinkingArgs {
    /// A component, in the binary or the text format, or a WAC file, which composes some: PATH,
    /// NAME=PATH, or - for standard input.
    ///
    /// Its name is how messages and --wire refer to it; by default that of the file, without
    /// folder and extension.
    #[arg(value_name = "INPUT", required = true, value_parser = named_source)]
    pub(super) inputs: Vec<NamedSource>,

    /// Where to write the result; - for standard output.
    #[arg(short, long, value_name = "OUTPUT", value_parser = sink)]
    pub(super) output: Sink,

    /// Where a package is that a WAC file names: PACKAGE=PATH.
    ///
    /// By default, `demo:words` is deps/demo/words.wasm beside the WAC file, or words.wasm.
    #[arg(long = "dep", value_name = "DEP", value_parser = dependency)]
    pub(super) dependencies: Vec<Dependency>,

    /// Connect what the names do not decide: IMPORTER:IMPORT=PROVIDER:EXPORT.
    #[arg(long = "wire", value_name = "WIRE", value_parser = wire)]
    wires: Vec<Wire>,

    /// The inputs are a chain: where several export what one imports, the next one provides it.
    ///
    /// What an input both imports and exports, it gets from those after it.
    #[arg(long)]
    chain: bool,

    /// Leave an import to whoever instantiates the result: IMPORTER:IMPORT.
    #[arg(long = "open", value_name = "IMPORT", value_parser = port)]
    leave_open: Vec<Port>,

    /// Export what another input than the first exports, too: PROVIDER:EXPORT.
    #[arg(long = "export", value_name = "EXPORT", value_parser = port)]
    also_export: Vec<Port>,

    /// Refuse a result that imports anything; with =wasi, anything but WASI.
    ///
    /// Interfaces of types alone are not meant, which nobody has to provide.
    #[arg(
        long, value_name = "EXCEPT", value_enum, num_args = 0..=1, require_equals = true,
        default_missing_value = "none", hide_possible_values = true
    )]
    closed: Option<ClosedArg>,

    /// Say nothing but warnings and errors.
    #[arg(short, long)]
    pub(super) quiet: bool,

    /// Do it again whenever an input changes, until the program is stopped.
    #[arg(long)]
    pub(super) watch: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum ClosedArg {
    /// Nothing.
    None,
    /// Interfaces of WASI.
    Wasi,
    /// Anything.
    Any,
}

impl LinkingArgs {
    /// The options, for the rest of which there are defaults.
    pub(super) fn options(&self) -> Result<Options, clap::Error> {
        let stdin = self.inputs.iter().filter(|input| input.source == Source::Stdin).count();
        if self.watch && stdin > 0 {
            return Err(usage("standard input cannot be watched: `--watch` is about files"));
        }
        if stdin > 1 {
            return Err(usage("standard input can be read only once, and two inputs are `-`"));
        }
        Ok(Options {
            wires: self.wires.clone(),
            chain: self.chain,
            leave_open: self.leave_open.clone(),
            also_export: self.also_export.clone(),
            open: match self.closed {
                None | Some(ClosedArg::Any) => OpenImports::Any,
                Some(ClosedArg::Wasi) => OpenImports::Wasi,
                Some(ClosedArg::None) => OpenImports::None,
            },
            ..Options::default()
        })
    }
}

impl LinkArgs {
    pub(super) fn command(self) -> Result<LinkCommand, clap::Error> {
        let options = self.linking.options()?;
        let LinkingArgs { inputs, dependencies, output, quiet, watch, .. } = self.linking;
        let budget = self.budget.budget();
        Ok(LinkCommand { inputs, dependencies, output, options, quiet, watch, budget })
    }
}

fn dependency(text: &str) -> Result<Dependency, String> {
    match text.split_once('=') {
        Some((name, path)) if name.contains(':') && !path.is_empty() => {
            Ok(Dependency { name: name.into(), path: path.into() })
        }
        _ => {
            Err("expected the name of a package, an equals sign, and a file: demo:words=PATH"
                .into())
        }
    }
}

fn wire(text: &str) -> Result<Wire, String> {
    let parts = || {
        let (importer, rest) = text.split_once(':')?;
        let (import_name, rest) = rest.split_once('=')?;
        let (provider, export_name) = rest.split_once(':')?;
        let parts = [importer, import_name, provider, export_name];
        (!parts.contains(&"")).then_some(parts.map(str::to_owned))
    };
    let [importer, import_name, provider, export_name] =
        parts().ok_or("expected IMPORTER:IMPORT=PROVIDER:EXPORT")?;
    Ok(Wire { importer, import_name, provider, export_name })
}

fn port(text: &str) -> Result<Port, String> {
    match text.split_once(':') {
        Some((input, name)) if !input.is_empty() && !name.is_empty() => {
            Ok(Port { input: input.into(), name: name.into() })
        }
        _ => {
            Err("expected the name of an input, a colon, and a name that it imports or exports"
                .into())
        }
    }
}
