//! `wasm-fuser`, the native command.
//!
//! The fuser is a component, and so is its command line; this program loads them into wasmtime and does for it what a component
//! cannot: it reads and writes files, keeps it within memory and time, and shows progress. Flags,
//! messages and exit codes are the component's ([`guest::cli`]), so that they are those of every
//! other host.

use std::env;
use std::process::ExitCode;

use wasm_fuser_commit::COMMIT;
use wasm_fuser_os::{Stopwatch, Watch};

mod engine;
mod extras;
mod files;
mod guest;
mod optimise;
mod progress;
mod sandbox;
mod terminal;
#[path = "../../src/text.rs"]
#[allow(dead_code, reason = "the library prints more than this program")]
mod text;
mod wac;
mod world;

use self::guest::{Guest, Result, cli, fuse};
use self::progress::Progress;

fn main() -> ExitCode {
    match arguments() {
        // Answered without the engine, because build tools ask for it all the time.
        Ok(arguments) if arguments == ["--version"] || arguments == ["-V"] => {
            let commit = COMMIT.map(|commit| format!(" ({commit})")).unwrap_or_default();
            println!("wasm-fuser {}{commit}", env!("CARGO_PKG_VERSION"));
            ExitCode::SUCCESS
        }
        Ok(arguments) => start(&arguments),
        Err(argument) => {
            eprintln!("error: the argument {argument} is not valid UTF-8");
            ExitCode::from(2)
        }
    }
}

fn arguments() -> Result<Vec<String>, String> {
    let arguments = env::args_os().skip(1);
    arguments.map(|it| it.into_string().map_err(|it| format!("{it:?}"))).collect()
}

fn start(arguments: &[String]) -> ExitCode {
    let mut time = Stopwatch::start();
    let guest = match Guest::start() {
        Ok(guest) => guest,
        Err(error) => {
            eprintln!("error[{}]: {}", error.code, error.message);
            return ExitCode::FAILURE;
        }
    };
    time.lap("start");
    let shown_on = terminal::terminal();
    let (command, terminal) = match guest.parse(arguments, shown_on) {
        Ok(Ok(cli::Invocation { command, terminal })) => (command, terminal),
        Ok(Err(failure)) => {
            eprint!("{}", failure.message);
            return ExitCode::from(failure.exit_code);
        }
        Err(error) => return refused(&guest, &error, shown_on),
    };
    time.lap("parse");
    if !is_watching(&command) {
        return match run(&guest, &command, terminal, time, &mut Watch::default()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => refused(&guest, &error, terminal),
        };
    }
    loop {
        let mut watch = Watch::default();
        // While files are watched, an error is to be read and mended.
        if let Err(error) = run(&guest, &command, terminal, Stopwatch::start(), &mut watch) {
            refused(&guest, &error, terminal);
        }
        watch.wait();
    }
}

fn refused(guest: &Guest, error: &fuse::Error, terminal: cli::Terminal) -> ExitCode {
    let plain = || format!("error[{}]: {}\n", error.code, error.message);
    eprint!("{}", guest.present_error(error, terminal).unwrap_or_else(|_| plain()));
    ExitCode::FAILURE
}

/// Whether the command is done again when a file changes.
fn is_watching(command: &cli::Command) -> bool {
    match command {
        cli::Command::Fuse(command) => command.watch,
        cli::Command::Link(command) => command.watch,
        _ => false,
    }
}

/// Read, call, write. What cannot be written beside the result does not keep the result from being
/// written; it is an error all the same. Each file that is read is one to watch.
fn run(
    guest: &Guest,
    command: &cli::Command,
    terminal: cli::Terminal,
    mut time: Stopwatch,
    watch: &mut Watch,
) -> Result<()> {
    match command {
        cli::Command::Say(text) => files::write(&cli::Sink::Stdout, text.as_bytes())?,
        cli::Command::Inspect(command) => {
            let input = files::read(&command.input)?;
            let progress = Progress::start("inspecting");
            let graph = guest.inspect(&input, command.budget)?;
            drop(progress);
            let text = guest.present_graph(command, &graph)?;
            files::write(&cli::Sink::Stdout, text.as_bytes())?;
        }
        cli::Command::Print(command) => {
            let input = files::read(&command.input)?;
            let progress = Progress::start("printing");
            let text = guest.print(&input.bytes, command.budget)?;
            drop(progress);
            files::write(&cli::Sink::Stdout, text.as_bytes())?;
        }
        cli::Command::Splice(command) => optimise::splice(guest, command)?,
        cli::Command::Link(command) => {
            let inputs =
                wac::read(guest, &command.inputs, &command.dependencies, command.budget, watch)?;
            let progress = Progress::start("linking");
            let mut composition = guest.link(&inputs, &command.options, command.budget)?;
            drop(progress);
            let result = std::mem::take(&mut composition.bytes);
            let text = guest.present_linked(command, &composition, terminal)?;
            files::write(&command.output, &result)?;
            eprint!("{text}");
        }
        cli::Command::Fuse(command) => {
            let inputs =
                wac::read(guest, &command.inputs, &command.dependencies, command.budget, watch)?;
            time.lap("read");
            let progress = Progress::start("fusing");
            let mut artifact = guest.fuse(&inputs, &command.options, command.budget)?;
            drop(progress);
            time.lap("fuse");
            let mut result = std::mem::take(&mut artifact.bytes);
            if command.optimize {
                let progress = Progress::start("optimising");
                result = optimise::result(guest, command, result)?;
                drop(progress);
                artifact.report.after.bytes = result.len() as u64;
                time.lap("optimise");
            }
            let presentation = guest.present_fused(command, &artifact, terminal)?;
            let beside: Vec<_> = presentation.files.iter().map(files::write_beside).collect();
            files::write(&command.output, &result)?;
            files::write(&cli::Sink::Stdout, presentation.stdout.as_bytes())?;
            time.lap("write");
            eprint!("{}", presentation.stderr);
            if command.time {
                eprintln!("{time}");
            }
            beside.into_iter().collect::<Result<(), _>>()?;
        }
    }
    Ok(())
}
