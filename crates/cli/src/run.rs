//! The command itself, on `std::fs`: what `wasi:cli/run` runs.
//!
//! `wasmtime run --dir=. wasm-fuser.wasm fuse a.wasm b.wasm -o out.wasm` ends here, and a native program
//! could as well. The flow is that of every host: parse, read, call, write.
//!
//! Two things it cannot do that the native host can. It cannot bound its own memory and time, so
//! the budget is the runner's to keep. And `wasi:cli/run` returns a result without a number, so
//! that a runner sees exit code 1 for wrong usage too (`exit-with-code` is an unstable function of
//! `wasi:cli/exit`, which a runner does not have to offer).

use std::path::Path;

use super::wac::{is_wac, no_tools};
use super::{
    Command, FuseCommand, InspectCommand, Invocation, LinkCommand, NamedSource, PrintCommand, Sink,
    Source, SpliceCommand, Terminal, Written,
};
use super::{parse, present_error, present_fused, present_graph, present_linked};
use crate::fuser;
use wasm_fuser::{Code, Error, Input, Names, Result};
use wasm_fuser_os::{self as os, Stopwatch, Watch};

/// Runs a command line, without the program's name, and returns the exit code.
pub fn run(arguments: &[String]) -> u8 {
    // A component does not know how wide a terminal is, and its environment is not for it to read.
    let Invocation { command, terminal } = match parse(arguments, Terminal::default()) {
        Ok(invocation) => invocation,
        Err(failure) => {
            eprint!("{}", failure.message);
            return failure.exit_code;
        }
    };
    let told = |done: Result<()>| match done {
        Ok(()) => 0,
        Err(error) => {
            eprint!("{}", present_error(&error, terminal));
            1
        }
    };
    let watched = watch_list(&command);
    loop {
        let mut watch = Watch::new(watched.as_deref().unwrap_or_default());
        let exit_code = told(match &command {
            Command::Fuse(command) => fuse(command, terminal),
            Command::Link(command) => link(command, terminal),
            Command::Inspect(command) => inspect(command),
            Command::Print(command) => print(command),
            Command::Splice(command) => splice(command),
            Command::Say(text) => write(&Sink::Stdout, text.as_bytes()),
        });
        if watched.is_none() {
            return exit_code;
        }
        watch.wait();
    }
}

/// The files to watch, if that is asked for.
fn watch_list(command: &Command) -> Option<Vec<String>> {
    let inputs = match command {
        Command::Fuse(FuseCommand { watch: true, inputs, .. })
        | Command::Link(LinkCommand { watch: true, inputs, .. }) => inputs,
        _ => return None,
    };
    let file = |input: &NamedSource| match &input.source {
        Source::File(path) => Some(path.clone()),
        Source::Stdin => None,
    };
    Some(inputs.iter().filter_map(file).collect())
}

fn fuse(command: &FuseCommand, terminal: Terminal) -> Result<()> {
    let mut time = Stopwatch::start();
    let inputs = command.inputs.iter().map(read_linked).collect::<Result<Vec<_>>>()?;
    time.lap("read");
    let mut fused = fuser::fuse(inputs, &command.options)?;
    time.lap("fuse");
    if command.optimize {
        fused.bytes = optimised(&fused.bytes, command.options.names == Names::Keep)?;
        fused.report.after.bytes = fused.bytes.len() as u64;
        time.lap("optimise");
    }
    let presentation = present_fused(command, &fused, terminal);
    let beside: Vec<_> = presentation.files.iter().map(write_beside).collect();
    write(&command.output, &fused.bytes)?;
    write(&Sink::Stdout, presentation.stdout.as_bytes())?;
    time.lap("write");
    eprint!("{}", presentation.stderr);
    if command.time {
        eprintln!("{time}");
    }
    // What could not be written beside the result is an error, and costs nobody the result.
    beside.into_iter().collect()
}

/// A result whose core modules `wasm-opt` has optimised.
fn optimised(bytes: &[u8], keep_names: bool) -> Result<Vec<u8>> {
    let modules = fuser::modules(bytes)?;
    let optimised = modules.iter().map(|module| {
        os::optimise(module, keep_names).map_err(|error| {
            let message = format!("`{}` cannot optimise the result: {error}", os::OPTIMISER);
            Error::new(Code::Io, message).with_help(NO_OPTIMISER)
        })
    });
    let mut optimised: Vec<Vec<u8>> = optimised.collect::<Result<_>>()?;
    if !is_component(bytes) {
        return Ok(optimised.pop().unwrap_or_default());
    }
    fuser::splice(bytes, &optimised)
}

/// Whether a binary is a component: the layer in its header is not that of core modules.
fn is_component(bytes: &[u8]) -> bool {
    bytes.get(6..8) == Some(&[1, 0])
}

/// What to do where an optimiser cannot be started, or fails.
const NO_OPTIMISER: &str = "install a recent Binaryen, or fuse without `-O` and have the optimiser work \
    on what `wasm-fuser splice` takes out";

fn splice(command: &SpliceCommand) -> Result<()> {
    let component = read(&command.component)?.bytes;
    if let (Sink::File(folder), []) = (&command.output, &command.modules[..]) {
        for (number, module) in fuser::modules(&component)?.iter().enumerate() {
            write(&Sink::File(format!("{folder}/{number}.wasm")), module)?;
        }
        return Ok(());
    }
    let modules =
        command.modules.iter().map(|it| Ok(read(it)?.bytes)).collect::<Result<Vec<_>>>()?;
    write(&command.output, &fuser::splice(&component, &modules)?)
}

fn link(command: &LinkCommand, terminal: Terminal) -> Result<()> {
    let inputs = command.inputs.iter().map(read_linked).collect::<Result<Vec<_>>>()?;
    let composition = fuser::link(inputs, &command.options)?;
    write(&command.output, &composition.bytes)?;
    eprint!("{}", present_linked(command, &composition, terminal));
    Ok(())
}

fn inspect(command: &InspectCommand) -> Result<()> {
    let graph = fuser::inspect(read(&command.input)?)?;
    write(&Sink::Stdout, present_graph(command.format, &graph).as_bytes())
}

fn print(command: &PrintCommand) -> Result<()> {
    let text = fuser::print(&read(&command.input)?.bytes)?;
    write(&Sink::Stdout, text.as_bytes())
}

/// What is to be linked. What reads WAC files is not in here.
fn read_linked(input: &NamedSource) -> Result<Input> {
    if is_wac(&input.source) { Err(no_tools(input)) } else { read(input) }
}

fn read(input: &NamedSource) -> Result<Input> {
    let path = match &input.source {
        Source::File(path) => Some(path.as_str()),
        Source::Stdin => None,
    };
    match os::read(path) {
        Ok(bytes) => Ok(Input { name: input.name.clone(), bytes }),
        Err(error) => {
            let refused = io_error("read", path.unwrap_or("standard input"), &error);
            Err(match path.filter(|_| error.kind() == std::io::ErrorKind::NotFound) {
                Some(path) if !is_named_after(&input.name, path) => refused.with_help(format!(
                    "`{0}={path}` gives the file `{path}` the name `{0}`; a file that is called so \
                     is `./{0}={path}`",
                    input.name
                )),
                _ => refused,
            })
        }
    }
}

/// Whether an input has the name that its path gives it.
fn is_named_after(name: &str, path: &str) -> bool {
    Path::new(path).file_stem().is_some_and(|stem| stem == name)
}

fn write(sink: &Sink, bytes: &[u8]) -> Result<()> {
    let path = match sink {
        Sink::File(path) => Some(path.as_str()),
        Sink::Stdout => None,
    };
    os::write(path, bytes)
        .map_err(|error| io_error("write", path.unwrap_or("standard output"), &error))
}

/// Writes a file that is not the result.
fn write_beside(file: &Written) -> Result<()> {
    match &file.sink {
        Sink::File(path) if file.replaces => {
            os::replace(path, &file.bytes).map_err(|error| io_error("write", path, &error))
        }
        sink => write(sink, &file.bytes),
    }
}

fn io_error(what: &str, path: &str, error: &std::io::Error) -> Error {
    let help = if cfg!(target_family = "wasm") {
        "check the path, and that the runner lets the fuser see its folder (`--dir`)"
    } else {
        "check the path and its permissions"
    };
    Error::new(Code::Io, format!("cannot {what} `{path}`: {error}")).with_help(help)
}
